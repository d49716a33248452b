import type { Context } from 'fabric-contract-api';
import { parseJson, parseReason, parseValue } from '../../ledger/arguments.ts';
import { followIndex, putIndex } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import type { DispenseArgument, Prescription } from '../../model/prescription.ts';
import { dispenseArgument, dispenseId, reservationArgument } from '../../model/records.ts';
import type { Practitioner } from '../../model/registry.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { requireAuthorStanding, requireHold } from './callers.ts';
import { usedPickup } from './holding.ts';
import { parsePrescriptionId } from './ids.ts';
import { requireRegistered } from './register.ts';
import { presentedPickupHash, presentedRedeemHash, sameHash } from './secrets.ts';
import { changePrescription, getPrescription, objectTypes } from './storage.ts';
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
  transitions.requireInWindow(prescription, at);
  requireRegistered(prescription);
  await requireCode(ctx, prescription, presented);
  await requireAuthorStanding(ctx, prescription, at);
  await changePrescription(ctx, prescription, next, 'accept', at);
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
  await changePrescription(ctx, prescription, transitions.giveBack(prescription), 'return', at);
}

/** The reservation that a dispense of scanned packs begins with. */
export async function reserve(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const argument = parseJson(reservationArgument, json, 'reservation');
  const { prescription, pharmacist } = await requireHold(ctx, at, id, 'reserve');
  await requireNewDispense(ctx, argument.dispenseId);
  const by = madeBy(pharmacist, at);
  const next = transitions.reserve(prescription, { ...argument, ...by });
  const { dispenseId: of, handedTo } = argument;
  const pickup = usedPickup(prescription, { handedTo, hash: presentedPickupHash(ctx), dispenseId: of, at: by.at });
  await changePrescription(ctx, prescription, { ...next, ...(pickup && { pickup }) }, 'reserve', at);
}

/** It names the dispense, so that nobody releases what a colleague has reserved meanwhile. */
export async function releaseReservation(ctx: Context, at: Date, id: string, dispense: string): Promise<void> {
  const released = parseValue(dispenseId, dispense, 'dispenseId');
  const { prescription } = await requireHold(ctx, at, id, 'releaseReservation');
  const next = transitions.releaseReservation(prescription, released);
  await changePrescription(ctx, prescription, next, 'releaseReservation', at);
}

/** One dispense is recorded once, on any prescription of the channel: ALREADY_EXISTS. */
async function requireNewDispense(ctx: Context, id: string): Promise<void> {
  if (await followIndex(ctx, objectTypes.dispense, id)) {
    throw new LedgerError('ALREADY_EXISTS', `${id} is recorded already`);
  }
}

export async function dispense(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const argument = parseJson(dispenseArgument, json, 'dispense');
  const { prescription, pharmacist } = await requireHold(ctx, at, id, 'dispense');
  await requireNewDispense(ctx, argument.id);
  const by = madeBy(pharmacist, at);
  const next = transitions.dispense(prescription, { ...argument, ...by });
  requirePacks(prescription, argument);
  const pickup = pickupOf(ctx, prescription, argument, by.at);
  await putIndex(ctx, objectTypes.dispense, [argument.id], prescription.id);
  await changePrescription(ctx, prescription, { ...next, ...(pickup && { pickup }) }, 'dispense', at);
}

const madeBy = ({ id, institutionId }: Practitioner, at: Date) => ({
  ...{ practitionerId: id, institutionId, at: at.toISOString() },
});

/**
 * What was reserved has packs, and all else says why it has none, so that nobody leaves them out by silence. A controlled medicine
 * is never dispensed without the ledgers.
 */
function requirePacks({ reservation, controlled }: Prescription, { id, withoutPacks }: DispenseArgument): void {
  const isReserved = reservation?.dispenseId === id;
  if (isReserved !== (withoutPacks === undefined)) {
    throw new LedgerError('INVALID_ARGUMENT', 'dispense.withoutPacks: where nothing was reserved, and only there');
  }
  if (controlled && withoutPacks === 'downtime') {
    throw new LedgerError('INVALID_ARGUMENT', 'dispense.withoutPacks: a controlled medicine waits for the ledgers');
  }
}

/** The pickup after a dispense: its reservation has counted it already, and says to whom. */
function pickupOf(ctx: Context, prescription: Prescription, { id, handedTo }: DispenseArgument, at: string) {
  const { reservation } = prescription;
  if (reservation?.dispenseId !== id) {
    return usedPickup(prescription, { handedTo, hash: presentedPickupHash(ctx), dispenseId: id, at });
  }
  if (handedTo !== undefined && handedTo !== reservation.handedTo) {
    throw new LedgerError('PICKUP_REFUSED', `${id} was not reserved for a ${handedTo}`);
  }
  return undefined;
}

export async function close(ctx: Context, at: Date, id: string, reason: string): Promise<void> {
  const words = parseReason(reason);
  const { prescription } = await requireHold(ctx, at, id, 'close');
  await changePrescription(ctx, prescription, transitions.close(prescription, words), 'close', at);
}
