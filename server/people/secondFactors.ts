import { type Patient, patientRecord } from '#chaincode/model/patient.ts';
import type { Credential } from '#chaincode/model/secondFactor.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { readStanding } from '../prescriptions/ledger.ts';
import { allowPeople } from './policy.ts';
import type { Actor } from './schema.ts';

/** A patient's entry on the care channel. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
export async function readPatientEntry(portal: Portal, pseudonym: string): Promise<Patient> {
  const channel = portal.ledger.careChannelOf(pseudonym);
  const call = { channel, contract: 'care', function: 'patients:read', args: [pseudonym] };
  const bytes = await portal.ledger.evaluate(call);
  const entry = patientRecord.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  if (!entry.success) throw new AppError('INTERNAL', 'the ledger answered something else', { cause: entry.error });
  return entry.data;
}

/** The actor's second factors as the ledger has them now, oldest first. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
export async function listSecondFactors(
  actor: Actor,
  _: undefined,
  portal: Portal = thePortal(),
): Promise<Credential[]> {
  allowPeople(actor, 'listSecondFactors');
  const entry =
    actor.role === 'patient'
      ? await readPatientEntry(portal, actor.subjectId)
      : (await readStanding(portal.ledger, actor.subjectId)).practitioner;
  return entry.credentials ?? [];
}
