import { asc, eq, inArray, like } from 'drizzle-orm';
import { type Reenrolment, reenrolment } from '#chaincode/model/patient.ts';
import type { Site } from '#chaincode/model/product.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { OfferedDevice } from '../circles/schema.ts';
import { reenrolments } from '../gateways/db/schema/care.ts';
import { devices } from '../gateways/db/schema/circles.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import { institutionNames } from '../people/names.ts';
import { openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { allDevices, allInstitutions, allPractitioners, allReenrolments, allSites } from './ledger.ts';
import { allowAuthority, allowInstitutions, allowPractitioners, ownInstitutionOf } from './policy.ts';
import type { DeviceView, InstitutionView, PractitionerView, ReenrolmentView } from './schema.ts';

/** Institutions as `registry` has them now. */
export async function listInstitutions(actor: Actor, portal: Portal = thePortal()): Promise<InstitutionView[]> {
  allowInstitutions(actor);
  const found = await allInstitutions(portal.ledger);
  const rows = await portal.db.select().from(institutions);
  return found.map((institution) => ({
    ...institution,
    place: rows.find(({ id }) => id === institution.id)?.place ?? '',
  }));
}

/** Practitioners of an institution as `registry` has them now; with names where this portal knows them. */
export async function listPractitioners(
  actor: Actor,
  institutionId: string,
  portal: Portal = thePortal(),
): Promise<PractitionerView[]> {
  allowPractitioners(actor, institutionId);
  const found = await allPractitioners(portal.ledger, institutionId);
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  const rows = await portal.db.select().from(people).where(inArray(people.subjectId, ids));
  return found.map(({ id, role, licence, status, suspendedBy, keys, version }) => {
    const person = rows.find(({ subjectId }) => subjectId === id);
    const name = person === undefined ? id : openName(portal.personalData, person);
    return {
      id,
      name,
      role,
      licence,
      status,
      ...(suspendedBy && { suspendedBy }),
      enrolled: keys !== undefined,
      version,
    };
  });
}

/** Devices of the actor's institution, whatever their status. */
export async function listDevices(actor: Actor, portal: Portal = thePortal()): Promise<DeviceView[]> {
  return allDevices(portal.ledger, ownInstitutionOf(actor));
}

/** Devices that other institutions hand over to the actor's, as this portal last heard of them. */
export async function listDeviceOffers(actor: Actor, portal: Portal = thePortal()): Promise<OfferedDevice[]> {
  const own = ownInstitutionOf(actor);
  const offered = await portal.db
    .select()
    .from(devices)
    .where(eq(devices.transferTo, own))
    .orderBy(asc(devices.model), asc(devices.id));
  const houses = await institutionNames(
    portal,
    offered.map(({ institutionId }) => institutionId),
  );
  return offered.map(({ id, model, purpose, institutionId }) => ({
    ...{ id, model, purpose },
    institution: houses.get(institutionId) ?? institutionId,
  }));
}

/** Places of the actor's institution, by name. */
export async function listPlaces(actor: Actor, portal: Portal = thePortal()): Promise<Site[]> {
  const own = ownInstitutionOf(actor);
  const sites = await allSites(portal.ledger);
  return sites.filter(({ institutionId }) => institutionId === own).sort((a, b) => a.name.localeCompare(b.name));
}

const isOpen = ({ state }: Reenrolment) => state === 'proposed' || state === 'approved';

/**
 * People for whom new keys are proposed or approved, for the regulator; those proposed first. Patients, as the followed care
 * channels have them, by their pseudonym only.
 */
export async function listReenrolments(actor: Actor, portal: Portal = thePortal()): Promise<ReenrolmentView[]> {
  allowAuthority(actor);
  const [registered, followed] = await Promise.all([
    allReenrolments(portal.ledger),
    portal.db.select({ state: reenrolments.ledgerState }).from(reenrolments).where(like(reenrolments.subject, 'pt-%')),
  ]);
  const patients = followed.map(({ state }) => reenrolment.parse(state));
  const staff = registered.filter(isOpen);
  const subjects = staff.map(({ subject }) => subject);
  const rows = await portal.db.select().from(people).where(inArray(people.subjectId, subjects));
  const known = staff.map((open) => {
    const row = rows.find(({ subjectId }) => subjectId === open.subject);
    const name = row === undefined ? open.subject : openName(portal.personalData, row);
    return { ...open, name, institutionId: row?.institutionId ?? '' };
  });
  const nameless = patients.filter(isOpen).map((open) => ({ ...open, name: open.subject, institutionId: '' }));
  return [...known, ...nameless].sort((a, b) => b.state.localeCompare(a.state) || a.at.localeCompare(b.at));
}
