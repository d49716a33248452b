import type { Context } from 'fabric-contract-api';
import { parseCareId, parsePseudonym, requireChannel } from '../../care/channel.ts';
import { markStale } from '../../care/circles.ts';
import { requireHospitalAdmin } from '../../care/officers.ts';
import { isPatientMember, readPerson, requireOwner, requirePatient } from '../../care/owner.ts';
import { getPatient, requirePatientActive } from '../../care/people.ts';
import {
  findRepresentation,
  getRepresentation,
  objectTypes,
  putRepresentation,
  representationOf,
} from '../../care/representations.ts';
import { parseJson, parseReason } from '../../ledger/arguments.ts';
import { requireSecondFactor } from '../../ledger/secondFactor.ts';
import { readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { type Appointment, appointment, type Representation, representativeId } from '../../model/patient.ts';
import type { Page } from '../../model/registry.ts';

/** Somebody acts for a patient: by the patient's own word, or by a hospital's for a minor or a ward. */
export async function appoint(ctx: Context, at: Date, json: string): Promise<void> {
  const given = parseJson(appointment, json, 'appointment');
  requireChannel(ctx, given.id);
  requireChannel(ctx, given.patient);
  if (given.representative === given.patient) {
    throw new LedgerError('INVALID_ARGUMENT', 'appointment.representative: somebody else than the patient');
  }
  if (given.until !== undefined && Date.parse(given.until) <= at.getTime()) {
    throw new LedgerError('INVALID_ARGUMENT', 'appointment.until: ahead');
  }
  const appointed = isPatientMember(ctx)
    ? await appointedByPatient(ctx, given)
    : await appointedByHospital(ctx, given, at);
  if (await findRepresentation(ctx, given.id)) throw new LedgerError('ALREADY_EXISTS', `${given.id} exists already`);
  if (await representationOf(ctx, given.patient, given.representative, at)) {
    throw new LedgerError('ALREADY_EXISTS', `${given.representative} acts for ${given.patient} already`);
  }
  const representative = await readPerson(ctx, given.representative);
  requirePatientActive(representative);
  if (!representative.keys) throw new LedgerError('WRONG_STATE', `${given.representative} has no keys to act with`);
  const record = { ...given, ...appointed, state: 'active' as const, since: at.toISOString(), version: 1 };
  await putRepresentation(ctx, record, 'patients:appoint', at);
}

type Appointed = Pick<Representation, 'by' | 'institution'>;

async function appointedByPatient(ctx: Context, given: Appointment): Promise<Appointed> {
  if (given.documentHash !== undefined) {
    throw new LedgerError('INVALID_ARGUMENT', 'appointment.documentHash: the patient’s own word needs no document');
  }
  const patient = await requirePatient(ctx, given.patient);
  requireSecondFactor(ctx, patient.credentials);
  return { by: patient.pseudonym };
}

async function appointedByHospital(ctx: Context, given: Appointment, at: Date): Promise<Appointed> {
  if (given.documentHash === undefined || given.until === undefined) {
    throw new LedgerError('INVALID_ARGUMENT', 'appointment: a hospital names a document and an end');
  }
  const { practitioner, institution } = await requireHospitalAdmin(ctx, at);
  requirePatientActive(await getPatient(ctx, given.patient));
  return { by: practitioner.id, institution: institution.id };
}

/** Ends a representation: the patient, the representative, or an admin of the hospital that appointed. */
export async function endRepresentation(ctx: Context, at: Date, id: string, reason: string): Promise<void> {
  const words = parseReason(reason);
  const record = await getRepresentation(ctx, parseCareId(ctx, representativeId, id, 'id'));
  await requireParty(ctx, record, at);
  if (record.state !== 'active') throw new LedgerError('WRONG_STATE', `${record.id} is ${record.state}`);
  const ended = { ...record, state: 'ended' as const, endedAt: at.toISOString(), reason: words };
  const also = await markStale(ctx, record.patient, record.representative, at);
  await putRepresentation(ctx, { ...ended, version: record.version + 1 }, 'patients:endRepresentation', at, also);
}

/** Another representative of the same patient is no party: NOT_AUTHORISED. */
async function requireParty(ctx: Context, { patient, representative, institution }: Representation, at: Date) {
  if (isPatientMember(ctx)) {
    const { person } = await requireOwner(ctx, patient, at);
    if (person.pseudonym === patient || person.pseudonym === representative) return;
  } else {
    const { institution: own } = await requireHospitalAdmin(ctx, at);
    if (own.id === institution) return;
  }
  throw new LedgerError('NOT_AUTHORISED', 'the representation is between others');
}

export async function readRepresentation(ctx: Context, id: string): Promise<Representation> {
  return getRepresentation(ctx, parseCareId(ctx, representativeId, id, 'id'));
}

export async function listRepresentations(
  ctx: Context,
  pseudonym: string,
  pageSize: string,
  bookmark: string,
): Promise<Page<Representation>> {
  const patient = parsePseudonym(ctx, pseudonym);
  return readPage(ctx, objectTypes.patientRepresentation, [patient], pageSize, bookmark, (_key, value) =>
    getRepresentation(ctx, Buffer.from(value).toString('utf8')),
  );
}
