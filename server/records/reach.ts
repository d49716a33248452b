import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { accesses, representations } from '../gateways/db/schema/care.ts';
import { prescriptions } from '../gateways/db/schema/ledger.ts';
import { patientInReach } from '../people/patients.ts';
import type { Actor } from '../people/schema.ts';
import type { Reach } from './schema.ts';

/** Patients (pseudonyms) whom somebody represents now, as the ledgers were last read. */
export async function representedBy({ db }: Pick<Portal, 'db'>, representative: string): Promise<string[]> {
  const rows = await db
    .select({ patient: representations.patient })
    .from(representations)
    .where(
      and(
        eq(representations.representative, representative),
        eq(representations.state, 'active'),
        or(isNull(representations.until), gt(representations.until, sql`now()`)),
      ),
    );
  return [...new Set(rows.map(({ patient }) => patient))];
}

/** Patients (pseudonyms) whose record somebody may read now by an entry on the ledger. */
export async function readableBy({ db }: Pick<Portal, 'db'>, reader: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ patient: accesses.patient })
    .from(accesses)
    .where(and(eq(accesses.reader, reader), gt(accesses.until, sql`now()`)));
  return rows.map(({ patient }) => patient);
}

async function isDispensedBy({ db }: Pick<Portal, 'db'>, institutionId: string, patient: string): Promise<boolean> {
  const dispensed = JSON.stringify([{ institutionId }]);
  const rows = await db
    .select({ id: prescriptions.id })
    .from(prescriptions)
    .where(
      and(
        eq(prescriptions.patient, patient),
        or(
          eq(prescriptions.holderInstitution, institutionId),
          sql`${prescriptions.ledgerState} -> 'dispenses' @> ${dispensed}::jsonb`,
        ),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/**
 * What an actor has to do with a patient's record: the own one, one of somebody represented, a patient whom the doctor's
 * institution treats or whom the doctor found by exact identifier, one that the ledger lets the actor read now, one whose
 * prescription the pharmacy holds or has dispensed on. Undefined where nothing.
 */
export async function reachOf(portal: Portal, actor: Actor, patient: string): Promise<Reach | undefined> {
  if (actor.role === 'patient') {
    if (actor.subjectId === patient) return 'own';
    return (await representedBy(portal, actor.subjectId)).includes(patient) ? 'representative' : undefined;
  }
  if (actor.role !== 'doctor' && actor.role !== 'pharmacist') return undefined;
  if (actor.role === 'doctor' && (await patientInReach(portal, actor, { pseudonym: patient })) !== undefined) {
    return 'treating';
  }
  if ((await readableBy(portal, actor.subjectId)).includes(patient)) return 'reading';
  if (actor.role === 'doctor' || actor.institutionId === null) return undefined;
  return (await isDispensedBy(portal, actor.institutionId, patient)) ? 'dispensing' : undefined;
}

/** Throws FORBIDDEN unless the actor has to do with the patient's record. */
export async function requireReach(portal: Portal, actor: Actor, patient: string): Promise<Reach> {
  const reach = await reachOf(portal, actor, patient);
  if (reach === undefined) {
    throw new AppError('FORBIDDEN', `${patient} is out of reach`, {
      message:
        actor.role === 'patient'
          ? 'This is not your record, nor that of somebody whom you represent.'
          : 'This patient is not treated at your institution.',
      ...(actor.role === 'doctor' && { next: 'Find the patient by exact identifier first.' }),
    });
  }
  return reach;
}
