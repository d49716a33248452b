import { describe, expect, it } from 'vitest';
import { confirmations, paidInTheEnd, planHistory } from './history.ts';

describe('a history', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planHistory(3, 200)).toEqual(planHistory(3, 200));
    expect(planHistory(4, 200)).not.toEqual(planHistory(3, 200));
  });

  it('has each claim once, with shares that make what is allowed', () => {
    const claims = planHistory(1, 1_000).flatMap((step) => step.claims);
    expect(claims.map(({ number }) => number)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
    for (const { outcome, billed, insurer, patient } of claims) {
      expect(insurer + patient <= billed).toBe(true);
      expect(insurer + patient === billed).toBe(outcome === 'approved');
      expect(insurer === 0).toBe(outcome === 'denied');
    }
  });

  it('has everything that may go wrong, and no reorganisation of what is final', () => {
    const steps = planHistory(1, 5_000);
    const faults = steps.map((step) => step.faults);
    expect(new Set(faults.map(({ crash }) => crash))).toEqual(new Set([undefined, 'reading', 'before', 'after']));
    expect(new Set(faults.map(({ duplicate }) => duplicate))).toEqual(new Set([undefined, 'told', 'paid', 'anchored']));
    const depths = faults.flatMap(({ reorganisation }) => reorganisation?.depth ?? []);
    expect(new Set(depths)).toEqual(new Set([1, 2, 3]));
    expect(Math.max(...depths)).toBeLessThanOrEqual(confirmations);
    const claims = steps.flatMap((step) => step.claims);
    expect(claims.some(({ lateBy }) => lateBy > 0)).toBe(true);
    expect(claims.some(({ inParts }) => inParts)).toBe(true);
    expect(new Set(claims.map(({ after }) => after))).toEqual(new Set(['nothing', 'refund', 'reversal']));
  });
});

it('leaves paid what was neither given back nor taken in cash', () => {
  const [claim] = planHistory(1, 30).flatMap((step) => step.claims);
  if (claim === undefined) throw new Error('no claim');
  const of = { ...claim, insurer: 700, patient: 300, after: 'nothing' } as const;
  expect(paidInTheEnd({ ...of, coPay: 'permit' })).toEqual({ insurer: 700, patient: 300 });
  expect(paidInTheEnd({ ...of, coPay: 'cash' })).toEqual({ insurer: 700, patient: 0 });
  expect(paidInTheEnd({ ...of, coPay: 'wallet', after: 'refund' })).toEqual({ insurer: 700, patient: 0 });
  expect(paidInTheEnd({ ...of, coPay: 'wallet', after: 'reversal' })).toEqual({ insurer: 0, patient: 0 });
});
