import { describe, expect, it } from 'vitest';
import { type DecisionDraft, decideBy, draftDecision } from './personDecision.ts';

const proposed = [
  { billed: 3_000, allowed: 3_000, insurer: 2_000, patient: 1_000, coPay: 500, deductible: 500 },
  { billed: 1_000, allowed: 800, insurer: 800, patient: 0, coPay: 0, deductible: 0 },
];
const draft = (change: Partial<DecisionDraft> = {}): DecisionDraft => ({
  ...draftDecision({ items: proposed }),
  ...{ reasons: ['PRICE_ABOVE_LIST'], note: 'One costs less.' },
  ...change,
});
const faultsOf = (change: Partial<DecisionDraft>) => {
  const answer = decideBy(draft(change), proposed);
  return 'faults' in answer ? Object.fromEntries(answer.faults) : {};
};
const items = (...amounts: [string, string][]) => amounts.map(([allowed, insurer]) => ({ allowed, insurer }));

describe('a person’s decision', () => {
  it('is what the rules would pay, where nothing is changed', () => {
    expect(decideBy(draft(), proposed)).toEqual({
      decided: {
        ...{ outcome: 'partlyApproved', items: proposed, reasons: ['PRICE_ABOVE_LIST'], note: 'One costs less.' },
        total: { billed: 4_000, allowed: 3_800, insurer: 2_800, patient: 1_000, coPay: 500, deductible: 500 },
      },
    });
  });

  it('approves all that was billed without a reason and without words', () => {
    const full = draft({ items: items(['30', '30'], ['10', '10']), note: ' ' });
    expect(decideBy(full, proposed)).toMatchObject({
      decided: { outcome: 'approved', reasons: [], total: { allowed: 4_000, insurer: 4_000, patient: 0 } },
    });
    expect('decided' in decideBy(full, proposed) && decideBy(full, proposed)).not.toHaveProperty('decided.note');
  });

  it('keeps deductible and co-pay within what the patient pays', () => {
    const answer = decideBy(draft({ items: items(['30', '24'], ['8', '8']) }), proposed);
    expect(answer).toMatchObject({ decided: { items: [{ patient: 600, deductible: 500, coPay: 100 }, {}] } });
  });

  it('denies whatever stands in the amounts, with a reason and words', () => {
    const denied = decideBy(draft({ outcome: 'deny', items: items(['x', 'x'], ['9999', '1']) }), proposed);
    expect(denied).toMatchObject({ decided: { outcome: 'denied', total: { billed: 4_000, allowed: 0, insurer: 0 } } });
    expect(faultsOf({ outcome: 'deny', reasons: [], note: 'no' })).toEqual({ reasons: 'reason', note: 'note' });
  });

  it('names the amounts that cannot be', () => {
    expect(faultsOf({ items: items(['30.01', '1'], ['8', '8.01']) })).toEqual({
      ...{ 'items.0.allowed': 'aboveBilled', 'items.1.insurer': 'aboveAllowed' },
    });
    expect(faultsOf({ items: items(['', '1'], ['8', '-1']) })).toEqual({
      ...{ 'items.0.allowed': 'amount', 'items.1.insurer': 'amount' },
    });
    expect(faultsOf({ items: items(['0', '0'], ['0', '0']) })).toEqual({ items: 'nothing' });
  });
});
