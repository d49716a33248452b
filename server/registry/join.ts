import { and, count, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { InstitutionKind } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { institutionContacts, institutions, invitations } from '../gateways/db/schema/people.ts';
import { newPractitionerId } from '../gateways/ledger/topology.ts';
import { newPerson, recordPerson } from '../people/accounts.ts';
import { newToken, tokenHash } from '../people/token.ts';
import { type Caller, countAddress } from '../session/attempt.ts';
import type { Invitation, proposeInstitution as proposing } from './schema.ts';

/** An institution proposes itself; when it is admitted, the link that was shown then makes its first admin. */

const perAddress = { max: 5, windowSeconds: 24 * 3600 };
/** So many may wait for the authority at once: beyond that, nobody reads them any more. */
const mostWaiting = 200;
const linkDays = 90;
const licenceYears = 5;

/** Organisation on the ledgers by the kind of institution. */
const organisationOf: Record<Exclude<InstitutionKind, 'authority'>, string> = {
  hospital: 'HospitalMSP',
  pharmacy: 'PharmacyMSP',
  insurer: 'InsurerMSP',
  manufacturer: 'SupplyMSP',
  distributor: 'SupplyMSP',
};

const contactDetails = z.object({ name: z.string(), email: z.string() });
const sealedContact = (institutionId: string) => `institution.contact:${institutionId}`;

/** `inst-`, what of the name such ids may have, and something of its own. */
export function institutionIdOf(name: string, own = newPractitionerId().slice(-8)): string {
  const plain = name.normalize('NFKD').toLowerCase();
  const words = plain.replaceAll(/\p{M}/gu, '').replaceAll(/[^a-z0-9]+/g, '-');
  return `inst-${words.replaceAll(/^-+|-+$/g, '').slice(0, 30)}-${own}`.replaceAll(/-{2,}/g, '-');
}

/**
 * Has an institution proposed on the ledger, by its organisation's registrar. The answered link opens the invitation of its
 * first admin once the authority has admitted it. Throws RATE_LIMITED, CONNECTOR_UNAVAILABLE.
 */
export async function proposeInstitution(
  caller: Caller,
  { name, kind, place, contact }: z.output<typeof proposing>,
  portal: Portal = thePortal(),
): Promise<Invitation> {
  await countAddress(portal, 'join', caller, perAddress);
  const [waiting] = await portal.db
    .select({ count: count() })
    .from(institutions)
    .where(eq(institutions.status, 'proposed'));
  if ((waiting?.count ?? 0) >= mostWaiting) {
    throw new AppError('RATE_LIMITED', 'too many institutions wait', {
      message: 'Too many institutions wait for the health authority.',
      next: 'Try again in some days.',
    });
  }
  const id = institutionIdOf(name);
  const mspId = organisationOf[kind];
  await portal.connector.proposeInstitution({ id, kind, name, mspId });
  const token = newToken();
  await portal.db.transaction(async (tx) => {
    await tx
      .insert(institutions)
      .values({ id, kind, name, mspId, place, status: 'proposed' })
      .onConflictDoUpdate({ target: institutions.id, set: { place } });
    const detailsSealed = portal.personalData.seal(sealedContact(id), contact);
    await tx.insert(institutionContacts).values({ institutionId: id, tokenHash: tokenHash(token), detailsSealed });
  });
  log().info({ institution: id, kind }, 'an institution proposes itself');
  return { token, expiresAt: new Date(Date.now() + linkDays * 86_400_000).toISOString() };
}

/**
 * Makes the first admin of an institution out of the contact whose link this is, with an invitation of the same link. Does
 * nothing for a link that is none. Throws INVITATION_INVALID while the authority has not admitted the institution.
 */
export async function admitContact(portal: Portal, token: string): Promise<void> {
  const [row] = await portal.db
    .select({ contact: institutionContacts, institution: institutions })
    .from(institutionContacts)
    .innerJoin(institutions, eq(institutions.id, institutionContacts.institutionId))
    .where(eq(institutionContacts.tokenHash, tokenHash(token)));
  if (row === undefined) return;
  const { contact, institution } = row;
  if (institution.status !== 'active') throw notAdmitted(institution.status);
  const { name, email } = portal.personalData.open(
    sealedContact(institution.id),
    contact.detailsSealed,
    contactDetails,
  );
  const now = Date.now();
  const licence = {
    ...{ number: 'ADMIN-1', specialty: 'Administration', validFrom: new Date(now).toISOString() },
    validTo: new Date(now + licenceYears * 365 * 86_400_000).toISOString(),
  };
  const { id: institutionId, mspId } = institution;
  const admin = newPerson.parse({ role: 'admin', name, email, licence, institutionId, mspId });
  await portal.db.transaction(async (tx) => {
    // Whoever opens the link twice at once makes one admin.
    const taken = await tx
      .delete(institutionContacts)
      .where(and(eq(institutionContacts.institutionId, institutionId)))
      .returning({ id: institutionContacts.institutionId });
    if (taken.length === 0) return;
    const { personId } = await recordPerson({ ...portal, db: tx }, admin);
    const expiresAt = new Date(contact.createdAt.getTime() + linkDays * 86_400_000);
    await tx.insert(invitations).values({ tokenHash: contact.tokenHash, personId, expiresAt });
  });
}

function notAdmitted(status: string): AppError {
  const waits = status === 'proposed';
  return new AppError('INVITATION_INVALID', `the institution is ${status}`, {
    message: waits
      ? 'The health authority has not decided about your institution yet.'
      : 'The health authority has not admitted your institution.',
    next: waits ? 'Open this link again after the decision.' : 'Ask the health authority.',
  });
}
