import { describe, expect, it } from 'vitest';
import { mismatchStep, releaseAnchor } from './mismatchStep.ts';

const claim = `clm-${'a'.repeat(26)}`;
const entry = { what: 'UNPAID', claim, state: 'approved' } as const;
const covered = { releases: [], missing: 0 };

describe('what is approved and unpaid', () => {
  it('is released where it waits for that, whatever the account holds', () => {
    const step = mismatchStep(entry, { releases: [{ claim: 'another' }, { claim }], missing: 500 });
    expect(step).toEqual({ kind: 'release', href: `#${releaseAnchor(claim)}` });
  });

  it('needs coins where the account has too little, and is paid from a wallet where it has enough', () => {
    expect(mismatchStep(entry, { releases: [{ claim: 'another' }], missing: 500 })).toEqual({
      ...{ kind: 'payIn', amount: 500 },
    });
    const pay = { kind: 'pay', href: `/insurer/claims/${claim}#payments` };
    expect(mismatchStep(entry, covered)).toEqual(pay);
    expect(mismatchStep({ ...entry, state: 'partlyApproved' }, covered)).toEqual(pay);
  });

  it('is only looked at where it is on its way, or the chain does not answer', () => {
    expect(mismatchStep({ ...entry, state: 'settled' }, covered)).toBeUndefined();
    expect(mismatchStep(entry, { releases: [], missing: null })).toBeUndefined();
  });
});

describe('what the provider has to give back', () => {
  it.each([
    ['PAID_TWICE', 'tooMuch'],
    ['WRONG_AMOUNT', 'tooMuch'],
    ['REFUND_OWED', 'tooMuch'],
    ['WRONG_INSURER', 'otherInsurer'],
  ] as const)('is asked for while a person decides, and at no other time (%s)', (what, question) => {
    const step = (state: 'inReview' | 'appealed' | 'anchored' | 'reversed') =>
      mismatchStep({ what, claim, state }, covered);
    const ask = { kind: 'ask', href: `/insurer/claims/${claim}?ask=${question}` };
    expect([step('inReview'), step('appealed')]).toEqual([ask, ask]);
    expect([step('anchored'), step('reversed')]).toEqual([undefined, undefined]);
  });

  it('is not asked for where the provider’s page does not have it', () => {
    for (const what of ['WRONG_COIN', 'WRONG_PAYEE'] as const)
      expect(mismatchStep({ what, claim, state: 'inReview' }, covered)).toBeUndefined();
  });
});

it('is of no claim, or done by itself', () => {
  expect(mismatchStep({ what: 'NO_CLAIM', claim: null, state: null }, covered)).toBeUndefined();
  expect(mismatchStep({ ...entry, what: 'NOT_ANCHORED', state: 'appealed' }, covered)).toBeUndefined();
});
