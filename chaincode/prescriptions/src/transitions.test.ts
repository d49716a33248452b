import { describe, expect, it } from 'vitest';
import type { LedgerErrorCode } from '../../model/errors.ts';
import { type Prescription, type PrescriptionState, prescriptionStates } from '../../model/prescription.ts';
import { thrownCode } from '../../testing/ledger.ts';
import { dispenseOf, issueOf } from '../../testing/samples.ts';
import * as transitions from './transitions.ts';

const now = new Date();
const held = { practitionerId: 'p', institutionId: 'inst-a', since: now.toISOString() };

function prescriptionIn(state: PrescriptionState): Prescription {
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
  };
}

const act: Record<transitions.PrescriptionAction, (prescription: Prescription) => Prescription> = {
  accept: (prescription) => transitions.accept(prescription, { ...held, institutionId: 'inst-b' }),
  return: transitions.giveBack,
  dispense: (prescription) =>
    transitions.dispense(prescription, {
      ...dispenseOf(1, 1),
      practitionerId: 'p',
      institutionId: 'i',
      at: now.toISOString(),
    }),
  close: (prescription) => transitions.close(prescription, 'a reason'),
  cancel: (prescription) => transitions.cancel(prescription, 'a reason'),
  voidCode: transitions.voidCode,
  renewCode: (prescription) => transitions.renewCode(prescription, '0'.repeat(64), now),
};

/** Written out by hand: what each action makes of each state, or the code that refuses it. */
const expected: Record<
  PrescriptionState,
  Record<transitions.PrescriptionAction, PrescriptionState | LedgerErrorCode>
> = {
  active: {
    accept: 'accepted',
    return: 'WRONG_STATE',
    dispense: 'WRONG_STATE',
    close: 'WRONG_STATE',
    cancel: 'cancelled',
    voidCode: 'active',
    renewCode: 'active',
  },
  accepted: {
    accept: 'HELD_BY_ANOTHER',
    return: 'active',
    dispense: 'partial',
    close: 'completed',
    cancel: 'HELD_BY_ANOTHER',
    voidCode: 'HELD_BY_ANOTHER',
    renewCode: 'HELD_BY_ANOTHER',
  },
  partial: {
    accept: 'HELD_BY_ANOTHER',
    return: 'active',
    dispense: 'partial',
    close: 'completed',
    cancel: 'HELD_BY_ANOTHER',
    voidCode: 'HELD_BY_ANOTHER',
    renewCode: 'HELD_BY_ANOTHER',
  },
  completed: {
    accept: 'COMPLETED',
    return: 'COMPLETED',
    dispense: 'COMPLETED',
    close: 'COMPLETED',
    cancel: 'COMPLETED',
    voidCode: 'COMPLETED',
    renewCode: 'COMPLETED',
  },
  cancelled: {
    accept: 'CANCELLED',
    return: 'CANCELLED',
    dispense: 'CANCELLED',
    close: 'CANCELLED',
    cancel: 'CANCELLED',
    voidCode: 'CANCELLED',
    renewCode: 'CANCELLED',
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

  it('expires at the instant named, not before', () => {
    const prescription = prescriptionIn('active');
    const expires = Date.parse(prescription.expires);
    expect(thrownCode(() => transitions.requireUnexpired(prescription, new Date(expires - 1)))).toBeUndefined();
    expect(thrownCode(() => transitions.requireUnexpired(prescription, new Date(expires)))).toBe('EXPIRED');
  });
});
