import { and, desc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Emergency, emergency as emergencyShape } from '#chaincode/model/access.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { accesses, emergencies } from '../gateways/db/schema/care.ts';
import { institutionNames, patientNames, staffOf } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import { recordOf } from '../records/facts.ts';
import { reachOf } from '../records/reach.ts';
import type { whichRecord } from '../records/schema.ts';
import { allowCounts, emergenciesOf } from './policy.ts';
import type { AccessEntry, EmergencyCount, EmergencyView, listEmergencies as listing } from './schema.ts';

const mostListed = 500;

/** Who has read a record, newest first: for the patient and who acts for the patient. Throws FORBIDDEN. */
export async function whoSaw(
  actor: Actor,
  which: z.output<typeof whichRecord>,
  portal: Portal = thePortal(),
): Promise<AccessEntry[]> {
  const { pseudonym, reach } = await recordOf(actor, which, portal);
  if (reach !== 'own' && reach !== 'representative') throw new AppError('FORBIDDEN', 'the log is the patient’s');
  const rows = await portal.db
    .select()
    .from(accesses)
    .where(eq(accesses.patient, pseudonym))
    .orderBy(desc(accesses.at))
    .limit(mostListed);
  const readers = rows.map(({ reader }) => reader);
  const [staff, patients, houses] = await Promise.all([
    staffOf(portal, readers),
    patientNames(
      portal,
      readers.filter((id) => id.startsWith('pt-')),
    ),
    institutionNames(
      portal,
      rows.flatMap(({ institution }) => institution ?? []),
    ),
  ]);
  return rows.map(({ id, reader, institution, emergency, at, until, channel, transactionId, blockNumber }) => {
    const person = staff.get(reader);
    // The institution in whose name it was read then, which may not be the present one.
    const house = institution === null ? undefined : { id: institution, name: houses.get(institution) ?? institution };
    return {
      id,
      reader: {
        id: reader,
        name: person?.name ?? patients.get(reader) ?? reader,
        ...(person && { role: person.role }),
        ...(house && { institution: house }),
      },
      ...(emergency !== null && { emergency }),
      at: at.toISOString(),
      until: until.toISOString(),
      proof: { channel, transactionId, blockNumber },
    };
  });
}

const ofInstitution = (scope: 'all' | { institutionId: string }): SQL | undefined =>
  scope === 'all' ? undefined : eq(emergencies.institution, scope.institutionId);

/** Emergencies, newest first: all for the regulator, their institution's for admins and doctors. Throws FORBIDDEN. */
export async function listEmergencies(
  actor: Actor,
  { which }: z.output<typeof listing>,
  portal: Portal = thePortal(),
): Promise<EmergencyView[]> {
  const scope = ofInstitution(emergenciesOf(actor));
  const chosen = {
    all: undefined,
    open: gt(emergencies.until, sql`now()`),
    unreviewed: isNull(emergencies.outcome),
  }[which];
  const rows = await portal.db
    .select({ state: emergencies.ledgerState })
    .from(emergencies)
    .where(and(scope, chosen))
    .orderBy(desc(emergencies.at))
    .limit(mostListed);
  return viewsOf(portal, actor, rows);
}

/** The emergencies of one record: for the patient, and who acts for the patient. Throws FORBIDDEN. */
export async function emergenciesOfRecord(
  actor: Actor,
  which: z.output<typeof whichRecord>,
  portal: Portal = thePortal(),
): Promise<EmergencyView[]> {
  const { pseudonym, reach } = await recordOf(actor, which, portal);
  if (reach !== 'own' && reach !== 'representative') throw new AppError('FORBIDDEN', 'the log is the patient’s');
  const rows = await portal.db
    .select({ state: emergencies.ledgerState })
    .from(emergencies)
    .where(eq(emergencies.patient, pseudonym))
    .orderBy(desc(emergencies.at))
    .limit(mostListed);
  return viewsOf(portal, actor, rows);
}

async function viewsOf(portal: Portal, actor: Actor, rows: { state: unknown }[]): Promise<EmergencyView[]> {
  const entries = rows.map(({ state }) => emergencyShape.parse(state));
  const patients = [...new Set(entries.map(({ patient }) => patient))];
  const reached = await Promise.all(
    patients.map(async (patient) => ((await reachOf(portal, actor, patient)) === undefined ? [] : [patient])),
  );
  const [staff, houses, names] = await Promise.all([
    staffOf(
      portal,
      entries.flatMap(({ actor: by, confirmedBy }) => [by, ...(confirmedBy ? [confirmedBy] : [])]),
    ),
    institutionNames(
      portal,
      entries.map(({ institution }) => institution),
    ),
    patientNames(portal, reached.flat()),
  ]);
  const person = (id: string) => ({ id, name: staff.get(id)?.name ?? id });
  const now = Date.now();
  return entries.map((entry: Emergency): EmergencyView => {
    const { id, patient, institution, level, reason, at, until, confirmedBy, confirmedAt, review } = entry;
    const name = names.get(patient);
    return {
      ...{ id, level, reason, at, until, open: Date.parse(until) > now },
      patient: { pseudonym: patient, ...(name !== undefined && { name }) },
      actor: person(entry.actor),
      institution: { id: institution, name: houses.get(institution) ?? institution },
      ...(confirmedBy !== undefined && { confirmedBy: person(confirmedBy) }),
      ...(confirmedAt !== undefined && { confirmedAt }),
      ...(review !== undefined && { review }),
    };
  });
}

/** How often each clinician has stated an emergency, most in thirty days first. Throws FORBIDDEN. */
export async function countEmergencies(
  actor: Actor,
  _: undefined,
  portal: Portal = thePortal(),
): Promise<EmergencyCount[]> {
  const rows = await portal.db
    .select({
      actor: emergencies.actor,
      institution: emergencies.institution,
      total: sql<number>`count(*)::int`,
      lastThirtyDays: sql<number>`count(*) filter (where ${emergencies.at} > now() - interval '30 days')::int`,
      unreviewed: sql<number>`count(*) filter (where ${emergencies.outcome} is null)::int`,
      unjustified: sql<number>`count(*) filter (where ${emergencies.outcome} = 'unjustified')::int`,
    })
    .from(emergencies)
    .where(ofInstitution(allowCounts(actor)))
    .groupBy(emergencies.actor, emergencies.institution);
  const [staff, houses] = await Promise.all([
    staffOf(
      portal,
      rows.map((row) => row.actor),
    ),
    institutionNames(
      portal,
      rows.map(({ institution }) => institution),
    ),
  ]);
  const recent = rows
    .map(({ lastThirtyDays }) => lastThirtyDays)
    .filter((count) => count > 0)
    .sort((a, b) => a - b);
  const usual = recent[Math.floor((recent.length - 1) / 2)] ?? 0;
  return rows
    .map(({ actor: id, institution, ...counts }) => ({
      ...counts,
      actor: { id, name: staff.get(id)?.name ?? id },
      institution: { id: institution, name: houses.get(institution) ?? institution },
      unusual: counts.unjustified > 0 || (counts.lastThirtyDays > 3 && counts.lastThirtyDays > 2 * usual),
    }))
    .sort((a, b) => b.lastThirtyDays - a.lastThirtyDays || a.actor.name.localeCompare(b.actor.name));
}
