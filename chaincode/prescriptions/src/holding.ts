import { LedgerError } from '../../model/errors.ts';
import type { Holder, Prescription } from '../../model/prescription.ts';
import {
  type CancelRequest,
  holdBeforeNoticeMs,
  holdNoticeMs,
  isCancelOpen,
  longestPickupMs,
  type Pickup,
  type PickupArgument,
  type PickupKind,
  type TransferOffer,
} from '../../model/prescriptionTerms.ts';
import { holdEnded, letGo, move, requireUndisturbed, requireUnreserved } from './transitions.ts';

/** What is said about a hold while it lasts, as pure functions: requests to cancel, notices, transfers, pickups. */

/** Prescriber or patient ask the holder to cancel it. Throws ALREADY_EXISTS while one is open, and the refusals of the state. */
export function requestCancel(prescription: Prescription, request: CancelRequest): Prescription {
  const next = move(prescription, 'requestCancel', { cancelRequest: request });
  if (isCancelOpen(prescription.cancelRequest)) {
    throw new LedgerError('ALREADY_EXISTS', `${prescription.cancelRequest.by} asks already`);
  }
  return next;
}

function openRequestOf({ id, cancelRequest }: Prescription): CancelRequest {
  if (!isCancelOpen(cancelRequest)) throw new LedgerError('WRONG_STATE', `nobody asks to cancel ${id}`);
  return cancelRequest;
}

/** The holder agrees; what was dispensed stays. Throws WRONG_STATE where nobody asks, or a reservation is open. */
export function agreeCancel(prescription: Prescription, reason: string): Prescription {
  const next = move(prescription, 'agreeCancel', { ...holdEnded, reason });
  openRequestOf(prescription);
  requireUnreserved(prescription);
  return next;
}

/** The holder declines. Throws WRONG_STATE where nobody asks. */
export function refuseCancel(prescription: Prescription, refused: NonNullable<CancelRequest['refused']>): Prescription {
  const next = move(prescription, 'refuseCancel', {});
  return { ...next, cancelRequest: { ...openRequestOf(prescription), refused } };
}

/**
 * The patient says that the hold is to end. Throws NOT_DUE for a young hold, ALREADY_EXISTS for a second notice, WRONG_STATE
 * while a reservation is open.
 */
export function noticeHold(prescription: Prescription, at: Date): Prescription {
  const endsAt = new Date(at.getTime() + holdNoticeMs).toISOString();
  const next = move(prescription, 'noticeHold', { holdNotice: { at: at.toISOString(), endsAt } });
  requireUnreserved(prescription);
  if (prescription.holdNotice)
    throw new LedgerError('ALREADY_EXISTS', `notice ends at ${prescription.holdNotice.endsAt}`);
  const due = Date.parse(prescription.holder?.since ?? '') + holdBeforeNoticeMs;
  if (!(at.getTime() >= due)) throw new LedgerError('NOT_DUE', `a notice can be given from ${instantOf(due)}`);
  return next;
}

/** The patient ends the hold. Throws WRONG_STATE without a notice or while a reservation is open, NOT_DUE before its end. */
export function endHold(prescription: Prescription, at: Date): Prescription {
  const next = letGo(prescription, 'endHold');
  const { holdNotice, id } = prescription;
  if (!holdNotice) throw new LedgerError('WRONG_STATE', `no notice was given for ${id}`);
  if (at.getTime() < Date.parse(holdNotice.endsAt))
    throw new LedgerError('NOT_DUE', `the notice ends at ${holdNotice.endsAt}`);
  return next;
}

/** Throws WRONG_STATE while a reservation is open, TRANSFER_PENDING, CANCEL_REQUESTED. */
export function offerTransfer(prescription: Prescription, transfer: TransferOffer): Prescription {
  const next = move(prescription, 'offerTransfer', { transfer });
  if (prescription.holder?.institutionId === transfer.to) {
    throw new LedgerError('INVALID_ARGUMENT', 'to: holds it already');
  }
  requireUnreserved(prescription);
  requireUndisturbed(prescription);
  return next;
}

/** The other pharmacy takes hold. Throws WRONG_STATE where it is not offered, NOT_AUTHORISED to another, CANCEL_REQUESTED. */
export function acceptTransfer(prescription: Prescription, holder: Omit<Holder, 'from'>): Prescription {
  const from = prescription.holder?.institutionId;
  const next = move(prescription, 'acceptTransfer', { ...holdEnded, holder: { ...holder, from } });
  const { to } = offerOf(prescription);
  if (to !== holder.institutionId) throw new LedgerError('NOT_AUTHORISED', `it is offered to ${to}`);
  requireUndisturbed({ ...prescription, transfer: undefined });
  return next;
}

/** Holder, patient or the other pharmacy end the offer. Throws WRONG_STATE where there is none. */
export function endTransfer(prescription: Prescription): Prescription {
  const next = move(prescription, 'endTransfer', { transfer: undefined });
  offerOf(prescription);
  return next;
}

function offerOf({ id, transfer }: Prescription): TransferOffer {
  if (!transfer) throw new LedgerError('WRONG_STATE', `${id} is not offered to another pharmacy`);
  return transfer;
}

/** The patient lets somebody fetch it, in place of whom was let before. Throws INVALID_ARGUMENT. */
export function authorisePickup(prescription: Prescription, pickup: PickupArgument, at: Date): Prescription {
  const ahead = Date.parse(pickup.until) - at.getTime();
  if (!(ahead > 0 && ahead <= longestPickupMs)) {
    throw new LedgerError('INVALID_ARGUMENT', 'pickup.until: ahead, by at most 31 days');
  }
  return move(prescription, 'authorisePickup', { pickup });
}

/** Throws NOT_FOUND where nobody may fetch it. */
export function revokePickup(prescription: Prescription): Prescription {
  const next = move(prescription, 'revokePickup', { pickup: undefined });
  if (!prescription.pickup) throw new LedgerError('NOT_FOUND', `nobody may fetch ${prescription.id}`);
  return next;
}

/** A code as a pharmacy presents it. */
export interface PresentedPickup {
  handedTo: PickupKind | undefined;
  /** Hex SHA-256 of the key. */
  hash: string | undefined;
  dispenseId: string;
  at: string;
}

/** The pickup once its code has counted; undefined where none is presented. Throws PICKUP_REFUSED. */
export function usedPickup({ id, pickup }: Prescription, presented: PresentedPickup): Pickup | undefined {
  const { handedTo, hash, dispenseId, at } = presented;
  if (handedTo === undefined && hash === undefined) return undefined;
  const refuse = (detail: string) => new LedgerError('PICKUP_REFUSED', `${id}: ${detail}`);
  if (!pickup) throw refuse('nobody may fetch it');
  if (pickup.kind !== handedTo) throw refuse(`it is for a ${pickup.kind}`);
  if (hash === undefined || pickup.hash !== hash) throw refuse('another code');
  if (pickup.used) throw refuse('the code was used');
  if (Date.parse(at) >= Date.parse(pickup.until)) throw refuse(`the code was for until ${pickup.until}`);
  return { ...pickup, used: { dispenseId, at } };
}

const instantOf = (ms: number) => (Number.isNaN(ms) ? '?' : new Date(ms).toISOString());
