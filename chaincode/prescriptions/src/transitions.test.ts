import { describe, expect, it } from 'vitest';
import type { LedgerErrorCode } from '../../model/errors.ts';
import { type Prescription, type PrescriptionState, prescriptionStates } from '../../model/prescription.ts';
import { thrownCode } from '../../testing/ledger.ts';
import { dispenseOf, issueOf, reservationOf } from '../../testing/samples.ts';
import * as holding from './holding.ts';
import * as transitions from './transitions.ts';

const now = new Date();
const held = { practitionerId: 'p', institutionId: 'inst-a', since: now.toISOString() };

const by = { practitionerId: 'p', institutionId: 'i', at: now.toISOString() };
const reserved = (seed: number, quantity: number) => ({ ...reservationOf(seed, quantity), ...by });

function prescriptionIn(state: PrescriptionState, change: Partial<Prescription> = {}): Prescription {
  return {
    ...issueOf(1),
    author: 'a',
    authorInstitution: 'i',
    authoredOn: now.toISOString(),
    state,
    left: 60,
    ...((state === 'accepted' || state === 'partial') && { holder: held }),
    dispenses: [],
    codeValid: true,
    version: 7,
    ...change,
  };
}

const asked = { cancelRequest: { by: 'a', at: now.toISOString(), reason: 'a reason' } };
const offered = { transfer: { to: 'inst-b', at: now.toISOString() } };
const later = new Date(now.getTime() + 48 * 60 * 60 * 1000);
const pickup = { hash: '0'.repeat(64), until: later.toISOString(), kind: 'courier' as const };

const act: Record<transitions.PrescriptionAction, (prescription: Prescription) => Prescription> = {
  accept: (prescription) => transitions.accept(prescription, { ...held, institutionId: 'inst-b' }),
  return: transitions.giveBack,
  reserve: (prescription) => transitions.reserve(prescription, reserved(1, 1)),
  // What is released was reserved: there is no other way to it.
  releaseReservation: (prescription) =>
    transitions.releaseReservation({ ...prescription, reservation: reserved(1, 1) }, dispenseOf(1, 1).id),
  dispense: (prescription) => transitions.dispense(prescription, { ...dispenseOf(1, 1), ...by }),
  close: (prescription) => transitions.close(prescription, 'a reason'),
  cancel: (prescription) => transitions.cancel(prescription, 'a reason'),
  voidCode: transitions.voidCode,
  renewCode: (prescription) => transitions.renewCode(prescription, '0'.repeat(64), now),
  // What follows is about what was said before; there is no other way to it.
  requestCancel: (prescription) => holding.requestCancel(prescription, asked.cancelRequest),
  agreeCancel: (prescription) => holding.agreeCancel({ ...prescription, ...asked }, 'a reason'),
  refuseCancel: (prescription) =>
    holding.refuseCancel({ ...prescription, ...asked }, { by: 'p', at: now.toISOString(), reason: 'a reason' }),
  noticeHold: (prescription) => holding.noticeHold(prescription, later),
  endHold: (prescription) =>
    holding.endHold({ ...prescription, holdNotice: { at: now.toISOString(), endsAt: now.toISOString() } }, now),
  offerTransfer: (prescription) => holding.offerTransfer(prescription, offered.transfer),
  acceptTransfer: (prescription) =>
    holding.acceptTransfer({ ...prescription, ...offered }, { ...held, institutionId: 'inst-b' }),
  endTransfer: (prescription) => holding.endTransfer({ ...prescription, ...offered }),
  authorisePickup: (prescription) => holding.authorisePickup(prescription, pickup, now),
  revokePickup: (prescription) => holding.revokePickup({ ...prescription, pickup }),
};

/** Written out by hand: what each action makes of each state, or the code that refuses it. */
const expected: Record<
  PrescriptionState,
  Record<transitions.PrescriptionAction, PrescriptionState | LedgerErrorCode>
> = {
  active: {
    accept: 'accepted',
    return: 'WRONG_STATE',
    reserve: 'WRONG_STATE',
    releaseReservation: 'WRONG_STATE',
    dispense: 'WRONG_STATE',
    close: 'WRONG_STATE',
    cancel: 'cancelled',
    voidCode: 'active',
    renewCode: 'active',
    requestCancel: 'WRONG_STATE',
    agreeCancel: 'WRONG_STATE',
    refuseCancel: 'WRONG_STATE',
    noticeHold: 'WRONG_STATE',
    endHold: 'WRONG_STATE',
    offerTransfer: 'WRONG_STATE',
    acceptTransfer: 'WRONG_STATE',
    endTransfer: 'WRONG_STATE',
    authorisePickup: 'active',
    revokePickup: 'active',
  },
  accepted: {
    accept: 'HELD_BY_ANOTHER',
    return: 'active',
    reserve: 'accepted',
    releaseReservation: 'accepted',
    dispense: 'partial',
    close: 'completed',
    cancel: 'HELD_BY_ANOTHER',
    voidCode: 'HELD_BY_ANOTHER',
    renewCode: 'HELD_BY_ANOTHER',
    requestCancel: 'accepted',
    agreeCancel: 'cancelled',
    refuseCancel: 'accepted',
    noticeHold: 'accepted',
    endHold: 'active',
    offerTransfer: 'accepted',
    acceptTransfer: 'accepted',
    endTransfer: 'accepted',
    authorisePickup: 'accepted',
    revokePickup: 'accepted',
  },
  partial: {
    accept: 'HELD_BY_ANOTHER',
    return: 'active',
    reserve: 'partial',
    releaseReservation: 'partial',
    dispense: 'partial',
    close: 'completed',
    cancel: 'HELD_BY_ANOTHER',
    voidCode: 'HELD_BY_ANOTHER',
    renewCode: 'HELD_BY_ANOTHER',
    requestCancel: 'partial',
    agreeCancel: 'cancelled',
    refuseCancel: 'partial',
    noticeHold: 'partial',
    endHold: 'active',
    offerTransfer: 'partial',
    acceptTransfer: 'accepted',
    endTransfer: 'partial',
    authorisePickup: 'partial',
    revokePickup: 'partial',
  },
  completed: {
    accept: 'COMPLETED',
    return: 'COMPLETED',
    reserve: 'COMPLETED',
    releaseReservation: 'COMPLETED',
    dispense: 'COMPLETED',
    close: 'COMPLETED',
    cancel: 'COMPLETED',
    voidCode: 'COMPLETED',
    renewCode: 'COMPLETED',
    requestCancel: 'COMPLETED',
    agreeCancel: 'COMPLETED',
    refuseCancel: 'COMPLETED',
    noticeHold: 'COMPLETED',
    endHold: 'COMPLETED',
    offerTransfer: 'COMPLETED',
    acceptTransfer: 'COMPLETED',
    endTransfer: 'COMPLETED',
    authorisePickup: 'COMPLETED',
    revokePickup: 'COMPLETED',
  },
  cancelled: {
    accept: 'CANCELLED',
    return: 'CANCELLED',
    reserve: 'CANCELLED',
    releaseReservation: 'CANCELLED',
    dispense: 'CANCELLED',
    close: 'CANCELLED',
    cancel: 'CANCELLED',
    voidCode: 'CANCELLED',
    renewCode: 'CANCELLED',
    requestCancel: 'CANCELLED',
    agreeCancel: 'CANCELLED',
    refuseCancel: 'CANCELLED',
    noticeHold: 'CANCELLED',
    endHold: 'CANCELLED',
    offerTransfer: 'CANCELLED',
    acceptTransfer: 'CANCELLED',
    endTransfer: 'CANCELLED',
    authorisePickup: 'CANCELLED',
    revokePickup: 'CANCELLED',
  },
};

const cases = prescriptionStates.flatMap((state) =>
  transitions.prescriptionActions.map((action) => ({ state, action, outcome: expected[state][action] })),
);

describe('the state machine', () => {
  it.each(cases)('$state, $action: $outcome', ({ state, action, outcome }) => {
    const before = prescriptionIn(state);
    const copy = structuredClone(before);
    if (/^[A-Z_]+$/.test(outcome)) {
      expect(thrownCode(() => act[action](before))).toBe(outcome);
    } else {
      const after = act[action](before);
      expect(after.state).toBe(outcome);
      expect(after.version).toBe(8);
      expect(after.holder === undefined).toBe(after.state !== 'accepted' && after.state !== 'partial');
    }
    expect(before).toEqual(copy);
  });

  it('completes with the last unit', () => {
    const last = { ...prescriptionIn('partial'), left: 1 };
    const after = act.dispense(last);
    expect(after).toMatchObject({ state: 'completed', left: 0 });
    expect(after.holder).toBeUndefined();
  });

  describe('with a reservation', () => {
    const open = () => prescriptionIn('partial', { reservation: reserved(1, 20) });
    const over = (seed: number, quantity: number) => ({ ...dispenseOf(seed, quantity), ...by });

    it('stands in the way of return, close and another reservation', () => {
      expect(thrownCode(() => transitions.giveBack(open()))).toBe('WRONG_STATE');
      expect(thrownCode(() => transitions.close(open(), 'a reason'))).toBe('WRONG_STATE');
      expect(thrownCode(() => transitions.reserve(open(), reserved(2, 1)))).toBe('WRONG_STATE');
      expect(thrownCode(() => transitions.reserve(open(), reserved(1, 20)))).toBe('ALREADY_EXISTS');
    });

    it('keeps its units for its own dispense', () => {
      expect(transitions.dispense(open(), over(2, 40))).toMatchObject({ left: 20, reservation: { quantity: 20 } });
      expect(thrownCode(() => transitions.dispense(open(), over(2, 41)))).toBe('QUANTITY_EXCEEDED');
    });

    it('ends with its own dispense, which keeps the commitment to the packs', () => {
      const after = transitions.dispense(open(), over(1, 20));
      expect(after.reservation).toBeUndefined();
      expect(after).toMatchObject({ left: 40, dispenses: [{ packs: 2, packsHash: '9'.repeat(64) }] });
      for (const quantity of [19, 21]) {
        expect(thrownCode(() => transitions.dispense(open(), over(1, quantity)))).toBe('WRONG_STATE');
      }
    });

    it('completes the prescription where nothing else is left', () => {
      const after = transitions.dispense({ ...open(), left: 20 }, over(1, 20));
      expect(after).toMatchObject({ state: 'completed', left: 0 });
      expect(after.reservation).toBeUndefined();
    });

    it('is released by the name of its dispense', () => {
      expect(thrownCode(() => transitions.releaseReservation(open(), dispenseOf(2, 1).id))).toBe('NOT_FOUND');
      const after = transitions.releaseReservation(open(), dispenseOf(1, 1).id);
      expect(after.reservation).toBeUndefined();
      expect(thrownCode(() => transitions.releaseReservation(after, dispenseOf(1, 1).id))).toBe('NOT_FOUND');
    });

    it('has no more than what is left, and a place among the dispenses', () => {
      expect(thrownCode(() => transitions.reserve(prescriptionIn('accepted'), reserved(1, 61)))).toBe(
        'QUANTITY_EXCEEDED',
      );
      const dispenses = Array.from({ length: transitions.maxDispenses - 1 }, (_, seed) => over(seed, 1));
      const last = transitions.reserve(prescriptionIn('partial', { dispenses }), reserved(200, 1));
      expect(thrownCode(() => transitions.dispense(last, over(201, 1)))).toBe('WRONG_STATE');
      expect(transitions.dispense(last, over(200, 1)).dispenses).toHaveLength(transitions.maxDispenses);
      const full = prescriptionIn('partial', { dispenses: [...dispenses, over(99, 1)] });
      expect(thrownCode(() => transitions.reserve(full, reserved(200, 1)))).toBe('WRONG_STATE');
    });
  });

  it('begins at the instant named, not before', () => {
    const prescription = prescriptionIn('active', { validFrom: now.toISOString() });
    expect(thrownCode(() => transitions.requireInWindow(prescription, now))).toBeUndefined();
    const before = new Date(now.getTime() - 1);
    expect(thrownCode(() => transitions.requireInWindow(prescription, before))).toBe('NOT_YET_VALID');
  });

  it('expires at the instant named, not before', () => {
    const prescription = prescriptionIn('active');
    const expires = Date.parse(prescription.expires);
    expect(thrownCode(() => transitions.requireInWindow(prescription, new Date(expires - 1)))).toBeUndefined();
    expect(thrownCode(() => transitions.requireInWindow(prescription, new Date(expires)))).toBe('EXPIRED');
  });
});
