import { desc, eq, inArray, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Delegation, isDelegatingRole } from '#chaincode/model/delegation.ts';
import type { PrescriptionHistoryEntry } from '#chaincode/model/prescription.ts';
import { prescriptionRecord } from '#chaincode/model/records.ts';
import type { Device } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { prescriptions } from '../gateways/db/schema/ledger.ts';
import { people } from '../gateways/db/schema/people.ts';
import { openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { allDelegations, allDevices } from '../registry/ledger.ts';
import { ownInstitutionOf } from '../registry/policy.ts';
import type { DelegatedAct, Delegations, DelegationView, StaffDelegation } from './schema.ts';

/** So many of the newest prescriptions are looked through for what software signed. */
const lookedThrough = 30;
const mostActs = 50;

/** What a doctor or pharmacist has delegated, to what it can be, and what was done by it. */
export async function listDelegations(
  actor: Actor,
  portal: Portal = thePortal(),
  now = new Date(),
): Promise<Delegations> {
  if (!isDelegatingRole(actor.role) || actor.institutionId === null) {
    throw new AppError('FORBIDDEN', `${actor.role} delegates nothing`);
  }
  const [given, devices] = await Promise.all([
    allDelegations(portal.ledger, actor.subjectId),
    allDevices(portal.ledger, actor.institutionId),
  ]);
  const systems = devices.filter(({ purpose, status }) => (purpose ?? 'system') === 'system' && status === 'active');
  return {
    given: given.map((one) => viewOf(one, devices, now)).sort((a, b) => b.givenAt.localeCompare(a.givenAt)),
    systems: systems.map(({ id, model }) => ({ id, model })),
    acts: given.length === 0 ? [] : await listActs(actor, given, devices, portal),
  };
}

/** What the people of an admin's institution have delegated to its software, newest first. Throws FORBIDDEN. */
export async function listStaffDelegations(
  actor: Actor,
  portal: Portal = thePortal(),
  now = new Date(),
): Promise<StaffDelegation[]> {
  const devices = await allDevices(portal.ledger, ownInstitutionOf(actor));
  const systems = devices.filter(({ purpose }) => (purpose ?? 'system') === 'system');
  const given = (await Promise.all(systems.map(({ id }) => allDelegations(portal.ledger, id)))).flat();
  const subjects = [...new Set(given.map(({ practitioner }) => practitioner))];
  const rows =
    subjects.length === 0 ? [] : await portal.db.select().from(people).where(inArray(people.subjectId, subjects));
  const names = new Map(rows.map((row) => [row.subjectId, openName(portal.personalData, row)]));
  return given
    .map((one) => ({
      ...viewOf(one, devices, now),
      practitioner: { id: one.practitioner, name: names.get(one.practitioner) ?? one.practitioner },
    }))
    .sort((a, b) => b.givenAt.localeCompare(a.givenAt));
}

const modelOf = (devices: readonly Device[], id: string) => devices.find((device) => device.id === id)?.model ?? id;

function viewOf(given: Delegation, devices: readonly Device[], now: Date): DelegationView {
  const { id, device, functions, until, givenAt, status, endedAt } = given;
  const over = Date.parse(until) <= now.getTime();
  return {
    ...{ id, device, functions, until, givenAt, model: modelOf(devices, device) },
    state: status !== 'active' ? 'ended' : over ? 'over' : 'inForce',
    ...(endedAt !== undefined && { endedAt }),
  };
}

const history = z.array(
  z.object({ transactionId: z.string(), at: z.iso.datetime(), prescription: prescriptionRecord }),
);

/** Versions that a device signed, of the newest prescriptions that the actor wrote, holds or dispensed. */
async function listActs(
  { subjectId }: Actor,
  given: readonly Delegation[],
  devices: readonly Device[],
  portal: Portal,
): Promise<DelegatedAct[]> {
  const mine = or(
    eq(prescriptions.author, subjectId),
    sql`${prescriptions.ledgerState}->'holder'->>'practitionerId' = ${subjectId}`,
    sql`${prescriptions.ledgerState}->'dispenses' @> ${JSON.stringify([{ practitionerId: subjectId }])}::jsonb`,
  );
  const rows = await portal.db
    .select({ id: prescriptions.id })
    .from(prescriptions)
    .where(mine)
    .orderBy(desc(prescriptions.authoredOn))
    .limit(lookedThrough);
  const named = new Set(given.map(({ device }) => device));
  const found = await Promise.all(
    rows.map(async ({ id }) => {
      const call = { channel: portal.ledger.careChannelOf(id), contract: 'care', function: 'history', args: [id] };
      const entries = history.parse(JSON.parse(Buffer.from(await portal.ledger.evaluate(call)).toString('utf8')));
      return entries.flatMap((entry, index) => {
        const { via, version, state } = entry.prescription;
        if (via === undefined || !named.has(via) || actorOf(entry, entries[index - 1]) !== subjectId) return [];
        return [{ prescription: id, version, state, model: modelOf(devices, via), at: entry.at }];
      });
    }),
  );
  return found
    .flat()
    .sort((a, b) => b.at.localeCompare(a.at))
    .slice(0, mostActs);
}

type Entry = Pick<PrescriptionHistoryEntry, 'at' | 'prescription'>;

/** In whose name a version was signed: whoever it newly names, else who held it, else its author. */
function actorOf({ prescription }: Entry, before: Entry | undefined): string {
  const { dispenses, reservation, holder, author } = prescription;
  if (before && dispenses.length > before.prescription.dispenses.length) {
    return dispenses.at(-1)?.practitionerId ?? author;
  }
  if (reservation && before?.prescription.reservation === undefined) return reservation.practitionerId;
  return holder?.practitionerId ?? before?.prescription.holder?.practitionerId ?? author;
}
