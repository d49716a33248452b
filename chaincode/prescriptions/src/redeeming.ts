import type { Context } from 'fabric-contract-api';
import { parseJson, parseReason, parseValue } from '../../ledger/arguments.ts';
import { followIndex, putIndex } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Prescription } from '../../model/prescription.ts';
import { dispenseArgument, dispenseId, reservationArgument } from '../../model/records.ts';
import type { Practitioner } from '../../model/registry.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { requireAuthorStanding } from './callers.ts';
import { parsePrescriptionId } from './ids.ts';
import { presentedRedeemHash, purgeRelease, sameHash } from './secrets.ts';
import { getPrescription, objectTypes, putPrescription } from './storage.ts';
import * as transitions from './transitions.ts';

/** What a pharmacy does: accept, give back, reserve, release, dispense, close. */

export async function accept(ctx: Context, at: Date, id: string): Promise<void> {
  const prescriptionId = parsePrescriptionId(ctx, id);
  const presented = presentedRedeemHash(ctx);
  const { practitioner: pharmacist } = await requirePractitioner(ctx, 'pharmacist', at);
  const prescription = await getPrescription(ctx, prescriptionId);
  const next = transitions.accept(prescription, {
    practitionerId: pharmacist.id,
    institutionId: pharmacist.institutionId,
    since: at.toISOString(),
  });
  transitions.requireUnexpired(prescription, at);
  await requireCode(ctx, prescription, presented);
  await requireAuthorStanding(ctx, prescription, at);
  await putPrescription(ctx, next, 'accept', at);
}

/** The code must be the prescription's own (WRONG_CODE), not voided or replaced (CODE_VOID). */
async function requireCode(ctx: Context, prescription: Prescription, presented: string): Promise<void> {
  if (sameHash(presented, prescription.redeemHash)) {
    if (!prescription.codeValid) throw new LedgerError('CODE_VOID', 'the patient has voided this access code');
    return;
  }
  if ((await followIndex(ctx, objectTypes.redeemHash, presented)) === prescription.id) {
    throw new LedgerError('CODE_VOID', 'the patient has replaced this access code');
  }
  throw new LedgerError('WRONG_CODE', 'this access code does not open the prescription');
}

export async function giveBack(ctx: Context, at: Date, id: string): Promise<void> {
  const { prescription } = await requireHold(ctx, at, id, 'return');
  await putPrescription(ctx, transitions.giveBack(prescription), 'return', at);
}

/** The reservation that a dispense of scanned packs begins with. */
export async function reserve(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const argument = parseJson(reservationArgument, json, 'reservation');
  if (argument.handedTo) throw new LedgerError('INVALID_ARGUMENT', 'reservation.handedTo: is not taken yet');
  const { prescription, pharmacist } = await requireHold(ctx, at, id, 'reserve');
  await requireNewDispense(ctx, argument.dispenseId);
  const next = transitions.reserve(prescription, {
    ...argument,
    practitionerId: pharmacist.id,
    institutionId: pharmacist.institutionId,
    at: at.toISOString(),
  });
  await putPrescription(ctx, next, 'reserve', at);
}

/** It names the dispense, so that nobody releases what a colleague has reserved meanwhile. */
export async function releaseReservation(ctx: Context, at: Date, id: string, dispense: string): Promise<void> {
  const released = parseValue(dispenseId, dispense, 'dispenseId');
  const { prescription } = await requireHold(ctx, at, id, 'releaseReservation');
  await putPrescription(ctx, transitions.releaseReservation(prescription, released), 'releaseReservation', at);
}

/** One dispense is recorded once, on any prescription of the channel: ALREADY_EXISTS. */
async function requireNewDispense(ctx: Context, id: string): Promise<void> {
  if (await followIndex(ctx, objectTypes.dispense, id)) {
    throw new LedgerError('ALREADY_EXISTS', `${id} is recorded already`);
  }
}

export async function dispense(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const argument = parseJson(dispenseArgument, json, 'dispense');
  if (argument.handedTo) throw new LedgerError('INVALID_ARGUMENT', 'dispense.handedTo: is not taken yet');
  const { prescription, pharmacist } = await requireHold(ctx, at, id, 'dispense');
  await requireNewDispense(ctx, argument.id);
  const next = transitions.dispense(prescription, {
    ...argument,
    practitionerId: pharmacist.id,
    institutionId: pharmacist.institutionId,
    at: at.toISOString(),
  });
  await putIndex(ctx, objectTypes.dispense, [argument.id], prescription.id);
  if (next.state === 'completed') await purgeRelease(ctx, prescription.id);
  await putPrescription(ctx, next, 'dispense', at);
}

export async function close(ctx: Context, at: Date, id: string, reason: string): Promise<void> {
  const words = parseReason(reason);
  const { prescription } = await requireHold(ctx, at, id, 'close');
  const next = transitions.close(prescription, words);
  await purgeRelease(ctx, prescription.id);
  await putPrescription(ctx, next, 'close', at);
}

/** The calling pharmacist's institution must hold it: the refusals of the state first, then HELD_BY_ANOTHER. */
async function requireHold(
  ctx: Context,
  at: Date,
  id: string,
  action: transitions.PrescriptionAction,
): Promise<{ prescription: Prescription; pharmacist: Practitioner }> {
  const prescriptionId = parsePrescriptionId(ctx, id);
  const { practitioner: pharmacist } = await requirePractitioner(ctx, 'pharmacist', at);
  const prescription = await getPrescription(ctx, prescriptionId);
  const refusal = transitions.refusalIn(prescription.state, action);
  if (refusal) throw new LedgerError(refusal, `${prescription.id} is ${prescription.state}`);
  if (prescription.holder?.institutionId !== pharmacist.institutionId) {
    throw new LedgerError('HELD_BY_ANOTHER', `${prescription.id} is held by another pharmacy`);
  }
  return { prescription, pharmacist };
}
