import type { Context } from 'fabric-contract-api';
import { getPatient, requirePatientActive } from '../../care/people.ts';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { requireSecondFactor } from '../../ledger/secondFactor.ts';
import { followIndex, putIndex } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { hex32 } from '../../model/identifiers.ts';
import type { Prescription, PrescriptionIssue } from '../../model/prescription.ts';
import { prescriptionIssue } from '../../model/records.ts';
import type { Practitioner } from '../../model/registry.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { actingDevice } from '../../people/delegates.ts';
import { requirePatientOf } from './callers.ts';
import { parsePrescriptionId } from './ids.ts';
import { keepRegisterEntry } from './register.ts';
import { answerByIssue } from './renewing.ts';
import { keepIssuedSecrets, keepRenewedSecrets, purgeRelease } from './secrets.ts';
import { changePrescription, findPrescription, getPrescription, objectTypes, putIssued } from './storage.ts';
import { requireTerms } from './terms.ts';
import * as transitions from './transitions.ts';

/** Issuing by the author; voiding and renewing the access code by the patient. */

export async function issue(ctx: Context, at: Date, json: string): Promise<void> {
  const issued = parseJson(prescriptionIssue, json, 'prescription');
  requireTerms(ctx, issued, at);
  const { practitioner: author } = await requirePractitioner(ctx, 'doctor', at);
  if (issued.controlled) requireSecondFactor(ctx, author.credentials);
  requirePatientActive(await getPatient(ctx, issued.patient));
  if (await findPrescription(ctx, issued.id)) throw new LedgerError('ALREADY_EXISTS', `${issued.id} is issued already`);
  await claimRedeemHash(ctx, issued.redeemHash, issued.id);
  await claimPart(ctx, issued, author);
  await putIndex(ctx, objectTypes.patientPrescription, [issued.patient, issued.id], issued.id);
  await keepIssuedSecrets(ctx, issued.id);
  await keepRegisterEntry(ctx, issued);
  const replaced = await replacedBy(ctx, issued, author);
  await answerByIssue(ctx, issued, author, at);
  const prescription = {
    ...issued,
    author: author.id,
    authorInstitution: author.institutionId,
    authoredOn: at.toISOString(),
    state: 'active' as const,
    left: issued.quantity * issued.fills,
    dispenses: [],
    codeValid: true,
    issuedVia: actingDevice(ctx),
    version: 1,
  };
  await putIssued(ctx, prescription, replaced, at);
}

/**
 * A part of a series is there once (ALREADY_EXISTS), and all parts are of one patient and author, and agree on how many they are
 * (NOT_AUTHORISED), so that nobody takes a place in a series of somebody else.
 */
async function claimPart(
  ctx: Context,
  { id, patient, series }: PrescriptionIssue,
  author: Practitioner,
): Promise<void> {
  if (!series) return;
  const whose = `${patient} ${author.id} ${series.of}`;
  const begun = await followIndex(ctx, objectTypes.series, series.id);
  if (begun === undefined) await putIndex(ctx, objectTypes.series, [series.id], whose);
  else if (begun !== whose) throw new LedgerError('NOT_AUTHORISED', `${series.id} is another series`);
  const part = String(series.part);
  if (await followIndex(ctx, objectTypes.seriesPart, series.id, part)) {
    throw new LedgerError('ALREADY_EXISTS', `part ${part} of ${series.id} is issued already`);
  }
  await putIndex(ctx, objectTypes.seriesPart, [series.id, part], id);
}

/** What a new prescription replaces, cancelled by that: NOT_FOUND, NOT_AUTHORISED, and the refusals of the state. */
async function replacedBy(
  ctx: Context,
  { id, patient, replaces }: PrescriptionIssue,
  author: Practitioner,
): Promise<Prescription | undefined> {
  if (replaces === undefined) return undefined;
  const former = await getPrescription(ctx, replaces);
  const isOwn = former.author === author.id || former.authorInstitution === author.institutionId;
  if (!isOwn || former.patient !== patient) {
    throw new LedgerError('NOT_AUTHORISED', `${replaces} is of another author or patient`);
  }
  return { ...transitions.cancel(former, 'replaced'), replacedBy: id };
}

export async function voidCode(ctx: Context, at: Date, id: string): Promise<void> {
  const prescription = await getPrescription(ctx, parsePrescriptionId(ctx, id));
  await requirePatientOf(ctx, prescription);
  const next = transitions.voidCode(prescription);
  await purgeRelease(ctx, prescription.id);
  await changePrescription(ctx, prescription, next, 'voidCode', at);
}

export async function renewCode(ctx: Context, at: Date, id: string, redeemHash: string): Promise<void> {
  const hash = parseValue(hex32, redeemHash, 'redeemHash');
  const prescription = await getPrescription(ctx, parsePrescriptionId(ctx, id));
  await requirePatientOf(ctx, prescription);
  const next = transitions.renewCode(prescription, hash, at);
  await claimRedeemHash(ctx, hash, prescription.id);
  await keepRenewedSecrets(ctx, prescription.id);
  await changePrescription(ctx, prescription, next, 'renewCode', at);
}

/** One access code opens one prescription, once: ALREADY_EXISTS. */
async function claimRedeemHash(ctx: Context, redeemHash: string, id: string): Promise<void> {
  if (await followIndex(ctx, objectTypes.redeemHash, redeemHash)) {
    throw new LedgerError('ALREADY_EXISTS', 'this access code is or was in use');
  }
  await putIndex(ctx, objectTypes.redeemHash, [redeemHash], id);
}
