import { type Patient, patientRecord } from '#chaincode/model/patient.ts';
import { practitionerRecord } from '#chaincode/model/records.ts';
import type { Practitioner, PublicKeys } from '#chaincode/model/registry.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import { retryLedger } from '../ledger/retry.ts';
import type { PatientEnrolment, StaffEnrolment } from './schema.ts';

/**
 * Records the exact keys of a registered practitioner on `registry`, unless they are there already. Returns the ledger's
 * record, which decides about role and licence. Throws the ledger's refusals (NOT_FOUND, SUSPENDED …), NOT_AUTHORISED
 * where the enrolment contradicts the record, and KEY_EXISTS where the person has other keys.
 */
export async function recordPractitionerKeys(
  ledger: LedgerConnection,
  enrolment: StaffEnrolment,
  keys: PublicKeys,
): Promise<Practitioner> {
  const call = { channel: 'registry', contract: 'registry' };
  const read = async () => {
    const answer = await ledger.evaluate({ ...call, function: 'readPractitioner', args: [enrolment.subjectId] });
    const practitioner = practitionerRecord.parse(JSON.parse(answer));
    requireAgreement(practitioner, enrolment);
    return practitioner;
  };
  return retryLedger(async () => {
    const before = await read();
    if (before.keys) return requireSameKeys(before, before.keys, keys);
    const args = [enrolment.subjectId, JSON.stringify(keys)];
    await onceOnly(() => ledger.submit({ ...call, function: 'enrolKeys', args }));
    const after = await read();
    return requireSameKeys(after, after.keys, keys);
  });
}

/**
 * Records a patient's pseudonym and exact keys on the care channel that the pseudonym names, unless they are there
 * already. Throws the ledger's refusals, WRONG_CHANNEL, and KEY_EXISTS where the pseudonym has other keys.
 */
export async function recordPatientKeys(
  ledger: LedgerConnection,
  enrolment: PatientEnrolment,
  keys: PublicKeys,
): Promise<void> {
  const channel = careChannelOf(enrolment.subjectId);
  if (enrolment.channel !== undefined && enrolment.channel !== channel) {
    throw new ConnectorError('WRONG_CHANNEL', `${enrolment.subjectId} belongs to ${channel}`);
  }
  const call = { channel, contract: 'care' };
  await retryLedger(async () => {
    const before = await findPatient(ledger, enrolment.subjectId);
    if (before) return requireSameKeys(before, before.keys, keys);
    const args = [JSON.stringify({ pseudonym: enrolment.subjectId, keys })];
    await onceOnly(() => ledger.submit({ ...call, function: 'patients:register', args }));
    const after = await findPatient(ledger, enrolment.subjectId);
    return requireSameKeys(after, after?.keys, keys);
  });
}

/** A patient of a care channel; undefined where it knows none of this pseudonym. */
export async function findPatient(ledger: LedgerConnection, pseudonym: string): Promise<Patient | undefined> {
  const call = { channel: careChannelOf(pseudonym), contract: 'care' };
  try {
    const answer = await ledger.evaluate({ ...call, function: 'patients:read', args: [pseudonym] });
    return patientRecord.parse(JSON.parse(answer));
  } catch (error) {
    if (error instanceof ConnectorError && (error.code === 'NOT_FOUND' || error.code === 'NOT_REGISTERED')) return;
    throw error;
  }
}

/** The care channel that a patient's pseudonym or a prescription's id names. */
export function careChannelOf(id: string): string {
  return `care-${id.split('-')[1]}`;
}

/** Lets through that somebody recorded keys in the meantime: which keys they are is read afterwards. */
export async function onceOnly(submit: () => Promise<void>): Promise<void> {
  try {
    await submit();
  } catch (error) {
    if (error instanceof ConnectorError && (error.code === 'KEY_EXISTS' || error.code === 'ALREADY_EXISTS')) return;
    throw error;
  }
}

function requireAgreement(practitioner: Practitioner, enrolment: StaffEnrolment): void {
  const agrees =
    practitioner.mspId === enrolment.mspId &&
    practitioner.role === enrolment.role &&
    (!enrolment.institutionId || practitioner.institutionId === enrolment.institutionId) &&
    (!enrolment.licence || practitioner.licence.number === enrolment.licence.number);
  if (!agrees) throw new ConnectorError('NOT_AUTHORISED', 'the registry knows this person otherwise');
}

function requireSameKeys<T>(record: T, recorded: PublicKeys | undefined, keys: PublicKeys): T {
  const same =
    recorded?.signingKeyHash === keys.signingKeyHash &&
    recorded.readingKey === keys.readingKey &&
    recorded.wallet === keys.wallet;
  if (!same) throw new ConnectorError('KEY_EXISTS', 'there are other keys for this person, or this key is in use');
  return record;
}
