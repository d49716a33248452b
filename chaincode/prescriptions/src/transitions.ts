import { LedgerError, type LedgerErrorCode } from '../../model/errors.ts';
import type { Dispense, Holder, Prescription, PrescriptionState } from '../../model/prescription.ts';

/** The state machine of a prescription: pure, without storage and without the question who may do it. */

export const prescriptionActions = [
  'accept',
  'return',
  'dispense',
  'close',
  'cancel',
  'voidCode',
  'renewCode',
] as const;
export type PrescriptionAction = (typeof prescriptionActions)[number];

/** Where each action leads from each state; a dispense that leaves nothing leads to `completed` instead. */
export const transitions: Record<PrescriptionState, Partial<Record<PrescriptionAction, PrescriptionState>>> = {
  active: { accept: 'accepted', cancel: 'cancelled', voidCode: 'active', renewCode: 'active' },
  accepted: { return: 'active', dispense: 'partial', close: 'completed' },
  partial: { return: 'active', dispense: 'partial', close: 'completed' },
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

function move(prescription: Prescription, action: PrescriptionAction, change: Partial<Prescription>): Prescription {
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

/** The holder gives it back; what is left may be redeemed elsewhere. */
export function giveBack(prescription: Prescription): Prescription {
  return move(prescription, 'return', { holder: undefined });
}

/** Hands over a part or all of what is left. Throws QUANTITY_EXCEEDED and the refusals of the state. */
export function dispense(prescription: Prescription, handedOver: Dispense): Prescription {
  const left = prescription.left - handedOver.quantity;
  const next = move(prescription, 'dispense', {
    dispenses: [...prescription.dispenses, handedOver],
    left,
    ...(left === 0 && { state: 'completed', holder: undefined }),
  });
  if (left < 0) throw new LedgerError('QUANTITY_EXCEEDED', `${prescription.left} units are left`);
  if (next.dispenses.length > maxDispenses) {
    throw new LedgerError('WRONG_STATE', `${prescription.id} has ${maxDispenses} dispenses; close it`);
  }
  return next;
}

/** Ends it with something left. */
export function close(prescription: Prescription, reason: string): Prescription {
  return move(prescription, 'close', { holder: undefined, reason });
}

/** The author withdraws it while no pharmacy holds it. */
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

/** Refuses what has expired: EXPIRED. Only taking hold depends on it; a holder may finish. */
export function requireUnexpired(prescription: Prescription, at: Date): void {
  if (at.getTime() >= Date.parse(prescription.expires)) {
    throw new LedgerError('EXPIRED', `${prescription.id} expired at ${prescription.expires}`);
  }
}
