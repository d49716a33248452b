import type { Context } from 'fabric-contract-api';
import { parseCareId, parsePseudonym, requireChannel } from '../../care/channel.ts';
import { isPatientMember, requireOwner } from '../../care/owner.ts';
import { parseJson, parseReason } from '../../ledger/arguments.ts';
import { announce, followIndex, getRecord, putIndex, putRecord, readPage } from '../../ledger/store.ts';
import { type CareChanged, careEvents } from '../../model/careEvents.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Prescription, PrescriptionIssue } from '../../model/prescription.ts';
import type { Page, Practitioner } from '../../model/registry.ts';
import { type Renewal, renewal, renewalArgument, renewalDenial, renewalId } from '../../model/renewal.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { actingDevice } from '../../people/delegates.ts';
import { getPrescription } from './storage.ts';

/** Requests that a prescription be written anew. */

const objectTypes = {
  renewal: 'renewal',
  /** prescription → the newest request for it */
  prescriptionRenewal: 'prescriptionRenewal',
  /** patient → request */
  patientRenewal: 'patientRenewal',
} as const;

const keyOf = (ctx: Context, id: string) => ctx.stub.createCompositeKey(objectTypes.renewal, [id]);
const parseRenewalId = (ctx: Context, text: string) => parseCareId(ctx, renewalId, text, 'id');
const findRenewal = (ctx: Context, id: string) => getRecord(ctx, keyOf(ctx, id), renewal);

/** Throws NOT_FOUND. */
async function getRenewal(ctx: Context, id: string): Promise<Renewal> {
  const found = await findRenewal(ctx, id);
  if (!found) throw new LedgerError('NOT_FOUND', `there is no request ${id}`);
  return found;
}

const keep = (ctx: Context, record: Renewal) =>
  putRecord(ctx, keyOf(ctx, record.id), { ...record, via: actingDevice(ctx) });

async function putRenewal(ctx: Context, record: Renewal, change: string, at: Date): Promise<void> {
  await keep(ctx, record);
  const { id, state, version, patient } = record;
  const changed: CareChanged = { id, change, state, version, at: at.toISOString(), patient };
  announce(ctx, careEvents.renewals, changed);
}

/** By the patient, or by a pharmacist whose institution holds the prescription or has dispensed on it. */
export async function askRenewal(ctx: Context, at: Date, json: string): Promise<void> {
  const asked = parseJson(renewalArgument, json, 'renewal');
  requireChannel(ctx, asked.id);
  requireChannel(ctx, asked.prescription);
  const prescription = await getPrescription(ctx, asked.prescription);
  const by = await requireAsker(ctx, prescription, at);
  if (prescription.state === 'cancelled') throw new LedgerError('CANCELLED', `${prescription.id} is cancelled`);
  if (await findRenewal(ctx, asked.id)) throw new LedgerError('ALREADY_EXISTS', `${asked.id} is asked already`);
  const former = await followIndex(ctx, objectTypes.prescriptionRenewal, prescription.id);
  if (former !== undefined && (await getRenewal(ctx, former)).state === 'asked') {
    throw new LedgerError('ALREADY_EXISTS', `${former} is open`);
  }
  const { patient, author, authorInstitution } = prescription;
  await putIndex(ctx, objectTypes.prescriptionRenewal, [prescription.id], asked.id);
  await putIndex(ctx, objectTypes.patientRenewal, [patient, asked.id], asked.id);
  const record = { ...asked, patient, author, authorInstitution, ...by, state: 'asked' as const };
  await putRenewal(ctx, { ...record, at: at.toISOString(), version: 1 }, 'askRenewal', at);
}

async function requireAsker(
  ctx: Context,
  { id, patient, holder, dispenses }: Prescription,
  at: Date,
): Promise<Pick<Renewal, 'by' | 'byInstitution'>> {
  if (isPatientMember(ctx)) return { by: (await requireOwner(ctx, patient, at)).person.pseudonym };
  const { practitioner } = await requirePractitioner(ctx, 'pharmacist', at);
  const byInstitution = practitioner.institutionId;
  const knows = [holder, ...dispenses].some((entry) => entry?.institutionId === byInstitution);
  if (!knows) throw new LedgerError('NOT_AUTHORISED', `your pharmacy has nothing to do with ${id}`);
  return { by: practitioner.id, byInstitution };
}

/** Only what is asked is answered: WRONG_STATE. */
function requireAsked({ id, state }: Renewal): void {
  if (state !== 'asked') throw new LedgerError('WRONG_STATE', `${id} is ${state}`);
}

/** Asked of its author; a doctor of the same institution may answer too: NOT_AUTHORISED. */
function requireAnswerer({ author, authorInstitution }: Renewal, doctor: Practitioner): void {
  if (author !== doctor.id && authorInstitution !== doctor.institutionId) {
    throw new LedgerError('NOT_AUTHORISED', 'it is asked of another doctor');
  }
}

/** Denies; what is approved is answered by the new prescription. */
export async function answerRenewal(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const wanted = parseRenewalId(ctx, id);
  const { outcome, reason } = parseJson(renewalDenial, json, 'answer');
  const words = parseReason(reason);
  const { practitioner: doctor } = await requirePractitioner(ctx, 'doctor', at);
  const record = await getRenewal(ctx, wanted);
  requireAnswerer(record, doctor);
  requireAsked(record);
  const answered = { answeredAt: at.toISOString(), answeredBy: doctor.id, reason: words };
  const next = { ...record, state: outcome, ...answered, version: record.version + 1 };
  await putRenewal(ctx, next, 'answerRenewal', at);
}

/** By the pharmacy that asked, or by the patient, who may withdraw any. */
export async function withdrawRenewal(ctx: Context, at: Date, id: string): Promise<void> {
  const record = await getRenewal(ctx, parseRenewalId(ctx, id));
  if (isPatientMember(ctx)) await requireOwner(ctx, record.patient, at);
  else {
    const { practitioner } = await requirePractitioner(ctx, 'pharmacist', at);
    if (record.byInstitution !== practitioner.institutionId) {
      throw new LedgerError('NOT_AUTHORISED', 'another pharmacy asked');
    }
  }
  requireAsked(record);
  const next = { ...record, state: 'withdrawn' as const, answeredAt: at.toISOString(), version: record.version + 1 };
  await putRenewal(ctx, next, 'withdrawRenewal', at);
}

/** A new prescription answers the request that it names: NOT_FOUND, NOT_AUTHORISED, WRONG_STATE. Its event is the issue's. */
export async function answerByIssue(
  ctx: Context,
  { id, patient, renews }: PrescriptionIssue,
  doctor: Practitioner,
  at: Date,
): Promise<void> {
  if (!renews) return;
  const record = await getRenewal(ctx, renews.id);
  requireAnswerer(record, doctor);
  if (record.patient !== patient) throw new LedgerError('NOT_AUTHORISED', `${renews.id} is of another patient`);
  requireAsked(record);
  const answered = { answeredAt: at.toISOString(), answeredBy: doctor.id, next: id };
  const next = { ...record, state: renews.outcome, ...answered, version: record.version + 1 };
  await keep(ctx, next);
}

export const readRenewal = (ctx: Context, id: string): Promise<Renewal> => getRenewal(ctx, parseRenewalId(ctx, id));

/** Requests of a patient, page by page. */
export function listRenewals(
  ctx: Context,
  pseudonym: string,
  pageSize: string,
  bookmark: string,
): Promise<Page<Renewal>> {
  const patient = parsePseudonym(ctx, pseudonym);
  return readPage(ctx, objectTypes.patientRenewal, [patient], pageSize, bookmark, (_key, value) =>
    getRenewal(ctx, Buffer.from(value).toString('utf8')),
  );
}
