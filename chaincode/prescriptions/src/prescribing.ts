import type { Context } from 'fabric-contract-api';
import { requireChannel } from '../../care/channel.ts';
import { getPatient, requirePatientActive } from '../../care/people.ts';
import { parseJson, parseReason, parseValue } from '../../ledger/arguments.ts';
import { requireSecondFactor } from '../../ledger/secondFactor.ts';
import { followIndex, putIndex } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { hex32 } from '../../model/identifiers.ts';
import { prescriptionIssue } from '../../model/records.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { requirePatientOf } from './callers.ts';
import { parsePrescriptionId } from './ids.ts';
import { keepIssuedSecrets, keepRenewedSecrets, purgeRelease } from './secrets.ts';
import { findPrescription, getPrescription, objectTypes, putPrescription } from './storage.ts';
import * as transitions from './transitions.ts';

/** Longest validity, in milliseconds. */
const maxValidityMs = 366 * 24 * 60 * 60 * 1000;

/** What the author and the patient do: issue and cancel; void and renew the access code. */

export async function issue(ctx: Context, at: Date, json: string): Promise<void> {
  const issued = parseJson(prescriptionIssue, json, 'prescription');
  requireChannel(ctx, issued.id);
  requireChannel(ctx, issued.patient);
  const { register, validFrom, series, fillEveryDays, replaces, renews } = issued;
  // Nothing is recorded that the contract does not enforce.
  if (register ?? validFrom ?? series ?? fillEveryDays ?? replaces ?? renews) {
    throw new LedgerError('INVALID_ARGUMENT', 'prescription: has terms that this contract does not take');
  }
  const validity = Date.parse(issued.expires) - at.getTime();
  if (!(validity > 0 && validity <= maxValidityMs)) {
    throw new LedgerError('INVALID_ARGUMENT', 'prescription.expires: ahead, by at most 366 days');
  }
  const { practitioner: author } = await requirePractitioner(ctx, 'doctor', at);
  if (issued.controlled) requireSecondFactor(ctx, author.credentials);
  requirePatientActive(await getPatient(ctx, issued.patient));
  if (await findPrescription(ctx, issued.id)) throw new LedgerError('ALREADY_EXISTS', `${issued.id} is issued already`);
  await claimRedeemHash(ctx, issued.redeemHash, issued.id);
  await putIndex(ctx, objectTypes.patientPrescription, [issued.patient, issued.id], issued.id);
  await keepIssuedSecrets(ctx, issued.id);
  const prescription = {
    ...issued,
    author: author.id,
    authorInstitution: author.institutionId,
    authoredOn: at.toISOString(),
    state: 'active' as const,
    left: issued.quantity * issued.fills,
    dispenses: [],
    codeValid: true,
    version: 1,
  };
  await putPrescription(ctx, prescription, 'issue', at);
}

export async function cancel(ctx: Context, at: Date, id: string, reason: string): Promise<void> {
  const prescriptionId = parsePrescriptionId(ctx, id);
  const words = parseReason(reason);
  const { practitioner: author } = await requirePractitioner(ctx, 'doctor', at);
  const prescription = await getPrescription(ctx, prescriptionId);
  if (prescription.author !== author.id) throw new LedgerError('NOT_AUTHORISED', 'only its author may cancel it');
  const next = transitions.cancel(prescription, words);
  await purgeRelease(ctx, prescription.id);
  await putPrescription(ctx, next, 'cancel', at);
}

export async function voidCode(ctx: Context, at: Date, id: string): Promise<void> {
  const prescription = await getPrescription(ctx, parsePrescriptionId(ctx, id));
  await requirePatientOf(ctx, prescription);
  const next = transitions.voidCode(prescription);
  await purgeRelease(ctx, prescription.id);
  await putPrescription(ctx, next, 'voidCode', at);
}

export async function renewCode(ctx: Context, at: Date, id: string, redeemHash: string): Promise<void> {
  const hash = parseValue(hex32, redeemHash, 'redeemHash');
  const prescription = await getPrescription(ctx, parsePrescriptionId(ctx, id));
  await requirePatientOf(ctx, prescription);
  const next = transitions.renewCode(prescription, hash, at);
  await claimRedeemHash(ctx, hash, prescription.id);
  await keepRenewedSecrets(ctx, prescription.id);
  await putPrescription(ctx, next, 'renewCode', at);
}

/** One access code opens one prescription, once: ALREADY_EXISTS. */
async function claimRedeemHash(ctx: Context, redeemHash: string, id: string): Promise<void> {
  if (await followIndex(ctx, objectTypes.redeemHash, redeemHash)) {
    throw new LedgerError('ALREADY_EXISTS', 'this access code is or was in use');
  }
  await putIndex(ctx, objectTypes.redeemHash, [redeemHash], id);
}
