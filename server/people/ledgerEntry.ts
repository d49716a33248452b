import { patientRecord, type Reenrolment, reenrolment } from '#chaincode/model/patient.ts';
import type { PublicKeys } from '#chaincode/model/registry.ts';
import type { Credential } from '#chaincode/model/secondFactor.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { readStanding } from '../prescriptions/ledger.ts';

/** What a ledger has of a person: `registry` of staff, the care channel of a patient. */
export interface LedgerEntry {
  keys?: PublicKeys | undefined;
  credentials?: Credential[] | undefined;
}

const isPatient = (subjectId: string) => subjectId.startsWith('pt-');

async function ask(portal: Portal, subjectId: string, name: string): Promise<unknown> {
  const call = isPatient(subjectId)
    ? { channel: portal.ledger.careChannelOf(subjectId), contract: 'care', function: `patients:${name}` }
    : { channel: 'registry', contract: 'registry', function: name };
  const bytes = await portal.ledger.evaluate({ ...call, args: [subjectId] });
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

/** The entry of a subject (`prac-…`, `pt-…`). Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
export async function readEntry(portal: Portal, subjectId: string): Promise<LedgerEntry> {
  if (!isPatient(subjectId)) return (await readStanding(portal.ledger, subjectId)).practitioner;
  const entry = patientRecord.safeParse(await ask(portal, subjectId, 'read'));
  if (!entry.success) throw new AppError('INTERNAL', 'the ledger answered something else', { cause: entry.error });
  return entry.data;
}

/** The latest re-enrolment of a subject, whatever became of it. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
export async function readOwnReenrolment(portal: Portal, subjectId: string): Promise<Reenrolment> {
  const found = reenrolment.safeParse(await ask(portal, subjectId, 'readReenrolment'));
  if (!found.success) throw new AppError('INTERNAL', 'the ledger answered something else', { cause: found.error });
  return found.data;
}
