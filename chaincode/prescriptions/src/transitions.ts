import { LedgerError, type LedgerErrorCode } from '../../model/errors.ts';
import { availableUnits } from '../../model/fills.ts';
import type { Dispense, Holder, Prescription, PrescriptionState, Reservation } from '../../model/prescription.ts';
import { isCancelOpen } from '../../model/prescriptionTerms.ts';

/**
 * The state machine of a prescription: pure, without storage and without the question who may do it. What is said about a hold
 * is in `holding.ts`.
 */

export const prescriptionActions = [
  'accept',
  'return',
  'reserve',
  'releaseReservation',
  'dispense',
  'close',
  'cancel',
  'voidCode',
  'renewCode',
  'requestCancel',
  'agreeCancel',
  'refuseCancel',
  'noticeHold',
  'endHold',
  'offerTransfer',
  'acceptTransfer',
  'endTransfer',
  'authorisePickup',
  'revokePickup',
] as const;
export type PrescriptionAction = (typeof prescriptionActions)[number];

/** What a holder and others do while it is held, in either state. */
const whileHeld = {
  return: 'active',
  close: 'completed',
  agreeCancel: 'cancelled',
  endHold: 'active',
  acceptTransfer: 'accepted',
} as const;
/** What leaves a state as it is. */
const staying = <State extends PrescriptionState>(state: State) => ({
  ...{ reserve: state, releaseReservation: state, requestCancel: state, refuseCancel: state, noticeHold: state },
  ...{ offerTransfer: state, endTransfer: state, authorisePickup: state, revokePickup: state },
});

/**
 * Where each action leads from each state; a dispense that leaves nothing leads to `completed` instead, and what ends a hold
 * to `cancelled` where somebody asks for that.
 */
export const transitions: Record<PrescriptionState, Partial<Record<PrescriptionAction, PrescriptionState>>> = {
  active: {
    ...{ accept: 'accepted', cancel: 'cancelled', voidCode: 'active', renewCode: 'active' },
    ...{ authorisePickup: 'active', revokePickup: 'active' },
  },
  accepted: { ...whileHeld, ...staying('accepted'), dispense: 'partial' },
  partial: { ...whileHeld, ...staying('partial'), dispense: 'partial' },
  completed: {},
  cancelled: {},
};

/** Most dispenses of one prescription, so that its record stays small. */
export const maxDispenses = 100;

/** Code that refuses an action in a state which does not allow it. */
export function refusalIn(state: PrescriptionState, action: PrescriptionAction): LedgerErrorCode | undefined {
  if (transitions[state][action]) return undefined;
  if (state === 'completed') return 'COMPLETED';
  if (state === 'cancelled') return 'CANCELLED';
  return state === 'active' ? 'WRONG_STATE' : 'HELD_BY_ANOTHER';
}

/** The next version, in the state where the action leads. Throws the refusal of the state. */
export function move(
  prescription: Prescription,
  action: PrescriptionAction,
  change: Partial<Prescription>,
): Prescription {
  const state = transitions[prescription.state][action];
  const refusal = refusalIn(prescription.state, action);
  if (!state || refusal) {
    throw new LedgerError(refusal ?? 'WRONG_STATE', `${prescription.id} is ${prescription.state}`);
  }
  return { ...prescription, state, ...change, version: prescription.version + 1 };
}

/** A pharmacy takes hold of it. Throws HELD_BY_ANOTHER (WRONG_STATE where the same pharmacy holds it), COMPLETED, CANCELLED. */
export function accept(prescription: Prescription, holder: Holder): Prescription {
  if (prescription.holder?.institutionId === holder.institutionId) {
    throw new LedgerError('WRONG_STATE', `${prescription.id} is held by your institution already`);
  }
  return move(prescription, 'accept', { holder });
}

/** What is gone with a hold. */
export const holdEnded = { holder: undefined, transfer: undefined, holdNotice: undefined };

/**
 * The holder gives it back; what is left may be redeemed elsewhere, unless somebody asks to cancel it. Throws WRONG_STATE while
 * a reservation is open.
 */
export function giveBack(prescription: Prescription): Prescription {
  return letGo(prescription, 'return');
}

/** Ends a hold; an open request to cancel it takes effect then. Throws WRONG_STATE while a reservation is open. */
export function letGo(prescription: Prescription, action: 'return' | 'endHold'): Prescription {
  requireUnreserved(prescription);
  const next = move(prescription, action, holdEnded);
  const { cancelRequest } = prescription;
  return isCancelOpen(cancelRequest) ? { ...next, state: 'cancelled', reason: cancelRequest.reason } : next;
}

/** Nothing new is dispensed of what is offered to another pharmacy, or asked to be cancelled. */
export function requireUndisturbed({ id, transfer, cancelRequest }: Prescription): void {
  if (transfer) throw new LedgerError('TRANSFER_PENDING', `${id} is offered to ${transfer.to}`);
  if (isCancelOpen(cancelRequest))
    throw new LedgerError('CANCEL_REQUESTED', `${cancelRequest.by} asks to cancel ${id}`);
}

/** Units that are not yet due: NOT_YET_VALID. */
function requireDue(prescription: Prescription, units: number, at: string): void {
  const available = availableUnits(prescription, new Date(at));
  if (units > available) throw new LedgerError('NOT_YET_VALID', `${available} units may be dispensed by now`);
}

/**
 * Keeps a part or all of what is left for one dispense, until that completes it or it is released. Throws
 * QUANTITY_EXCEEDED, NOT_YET_VALID, WRONG_STATE while another is open, ALREADY_EXISTS where it is this one, TRANSFER_PENDING,
 * CANCEL_REQUESTED. The patient's notice of the hold stands until something is dispensed: a reservation may be released again.
 */
export function reserve(prescription: Prescription, reservation: Reservation): Prescription {
  const next = move(prescription, 'reserve', { reservation });
  if (prescription.reservation?.dispenseId === reservation.dispenseId) {
    throw new LedgerError('ALREADY_EXISTS', `${reservation.dispenseId} is reserved already`);
  }
  requireUnreserved(prescription);
  requireUndisturbed(prescription);
  if (reservation.quantity > prescription.left) {
    throw new LedgerError('QUANTITY_EXCEEDED', `${prescription.left} units are left`);
  }
  requireDue(prescription, reservation.quantity, reservation.at);
  requireRoom(prescription.dispenses.length + 1, prescription.id);
  return next;
}

/** Gives back what was kept for a dispense. Throws NOT_FOUND where nothing is kept for it. */
export function releaseReservation(prescription: Prescription, dispenseId: string): Prescription {
  const next = move(prescription, 'releaseReservation', { reservation: undefined });
  if (prescription.reservation?.dispenseId !== dispenseId) {
    throw new LedgerError('NOT_FOUND', `${prescription.id} is not reserved for ${dispenseId}`);
  }
  const { pickup } = prescription;
  // The code of a pickup that came to nothing counts again.
  return pickup?.used?.dispenseId === dispenseId ? { ...next, pickup: { ...pickup, used: undefined } } : next;
}

/**
 * Hands over a part or all of what is left; a dispense that was reserved completes its reservation, and another one leaves
 * alone what is reserved. Throws QUANTITY_EXCEEDED, NOT_YET_VALID, WRONG_STATE for another quantity than was reserved, the
 * refusals of the state and, for what was not reserved, TRANSFER_PENDING and CANCEL_REQUESTED.
 */
export function dispense(prescription: Prescription, handedOver: Dispense): Prescription {
  const { reservation } = prescription;
  const own = reservation?.dispenseId === handedOver.id ? reservation : undefined;
  const left = prescription.left - handedOver.quantity;
  const next = move(prescription, 'dispense', {
    dispenses: [
      ...prescription.dispenses,
      own ? { ...handedOver, packs: own.packs, packsHash: own.packsHash, handedTo: own.handedTo } : handedOver,
    ],
    left,
    holdNotice: undefined,
    ...(own && { reservation: undefined }),
    ...(left === 0 && { ...holdEnded, state: 'completed' }),
  });
  if (own && own.quantity !== handedOver.quantity) {
    throw new LedgerError('WRONG_STATE', `${own.quantity} units are reserved for ${own.dispenseId}`);
  }
  const kept = own ? 0 : (reservation?.quantity ?? 0);
  if (left < kept) {
    throw new LedgerError('QUANTITY_EXCEEDED', `${prescription.left} units are left, ${kept} of them reserved`);
  }
  if (!own) {
    requireUndisturbed(prescription);
    requireDue(prescription, handedOver.quantity + kept, handedOver.at);
  }
  requireRoom(next.dispenses.length + (next.reservation ? 1 : 0), prescription.id);
  return next;
}

/** A dispense that is reserved has its place too, so that it can always be completed. */
function requireRoom(dispenses: number, id: string): void {
  if (dispenses > maxDispenses) throw new LedgerError('WRONG_STATE', `${id} has ${maxDispenses} dispenses; close it`);
}

/** While packs may have left the supply ledger for a dispense, that is completed or released first. */
export function requireUnreserved({ id, reservation }: Prescription): void {
  if (reservation) throw new LedgerError('WRONG_STATE', `${id} is reserved for ${reservation.dispenseId}`);
}

/** Ends it with something left. Throws WRONG_STATE while a reservation is open. */
export function close(prescription: Prescription, reason: string): Prescription {
  requireUnreserved(prescription);
  return move(prescription, 'close', { ...holdEnded, reason });
}

/** Author or patient withdraw it while no pharmacy holds it. */
export function cancel(prescription: Prescription, reason: string): Prescription {
  return move(prescription, 'cancel', { reason });
}

/** The patient makes the access code worthless. Throws CODE_VOID where it is so already. */
export function voidCode(prescription: Prescription): Prescription {
  const next = move(prescription, 'voidCode', { codeValid: false });
  if (!prescription.codeValid) throw new LedgerError('CODE_VOID', 'the access code is void already');
  return next;
}

/** The patient replaces the access code. Throws EXPIRED where nothing can be redeemed any more. */
export function renewCode(prescription: Prescription, redeemHash: string, at: Date): Prescription {
  const next = move(prescription, 'renewCode', { codeValid: true, redeemHash });
  requireUnexpired(prescription, at);
  return next;
}

/**
 * Refuses what has expired (EXPIRED), or is not valid yet (NOT_YET_VALID). Only taking hold depends on it; a holder may finish.
 */
export function requireInWindow(prescription: Prescription, at: Date): void {
  const { id, validFrom } = prescription;
  if (validFrom !== undefined && at.getTime() < Date.parse(validFrom)) {
    throw new LedgerError('NOT_YET_VALID', `${id} is valid from ${validFrom}`);
  }
  requireUnexpired(prescription, at);
}

function requireUnexpired(prescription: Prescription, at: Date): void {
  if (at.getTime() >= Date.parse(prescription.expires)) {
    throw new LedgerError('EXPIRED', `${prescription.id} expired at ${prescription.expires}`);
  }
}
