import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countedInstead, noUsage } from '#chaincode/model/usage.ts';
import { adjudicate } from './adjudicate.ts';
import { type DecidedClaim, dryRun } from './dryRun.ts';
import { factsOf, historyOf, id, inputOf, itemOf, tablets, termsOf } from './testing.ts';

/** Bills of one policy's year, decided one after the other by a plan. */
function decidedBy(terms: ReturnType<typeof termsOf>, bills: readonly number[]): DecidedClaim[] {
  let usage = noUsage(id('pol'), 2);
  return bills.map((net, index) => {
    const input = inputOf({ terms, usage, facts: factsOf({ id: `clm-${index}`, items: [itemOf({ net })] }) });
    const result = adjudicate(input);
    if (result.review !== undefined) throw new Error('a person');
    usage = countedInstead(usage, 'medicine', undefined, result);
    const { terms: _, usage: __, ...past } = input;
    const { outcome, insurer, patient, deductible } = result;
    return { ...past, outcome, insurer, patient, deductible, byPerson: false };
  });
}
const bills = fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 15 });
const terms = termsOf({ deductible: 5_000, annualLimit: 90_000 });

it('changes nothing where the plan is the same', () => {
  fc.assert(
    fc.property(bills, (of) => {
      const decided = decidedBy(terms, of);
      const run = dryRun(terms, decided);
      expect(run.changed).toEqual([]);
      expect(run.after).toEqual(run.before);
      expect(run).toMatchObject({ claims: of.length, toPerson: 0 });
    }),
  );
});

it('pays as the plan would have paid from the beginning of the year', () => {
  const other = termsOf({
    deductible: 0,
    annualLimit: 50_000,
    prices: [{ code: tablets.code, price: 40_000, per: 30 }],
  });
  fc.assert(
    fc.property(bills, (of) => {
      const sum = (claims: DecidedClaim[], share: 'insurer' | 'patient') =>
        claims.reduce((total, claim) => total + claim[share], 0);
      const run = dryRun(other, decidedBy(terms, of));
      const would = decidedBy(other, of);
      expect(run.after).toEqual({ insurer: sum(would, 'insurer'), patient: sum(would, 'patient') });
      const difference = run.changed.reduce((total, { before, after }) => total + after.insurer - before.insurer, 0);
      expect(difference).toBe(run.after.insurer - run.before.insurer);
    }),
  );
});

it('names each claim that would end otherwise, and why', () => {
  const rule = {
    id: 'dear',
    when: 'claim.billed > 2000',
    effect: 'deny',
    reason: 'NOT_NECESSARY',
    words: 'Too dear.',
  } as const;
  const run = dryRun(termsOf({ rules: [rule] }), decidedBy(termsOf(), [1_000, 3_000]));
  expect(run.changed).toEqual([
    {
      claim: 'clm-1',
      before: { outcome: 'approved', insurer: 2_000, patient: 1_000 },
      after: { outcome: 'denied', insurer: 0, patient: 0, person: false, reasons: ['NOT_NECESSARY'] },
    },
  ]);
});

it('counts what a person would have to decide, but not again what one has decided', () => {
  const decided = decidedBy(termsOf(), [1_000, 3_000]);
  const strict = termsOf({ reviewAbove: 2_000 });
  expect(dryRun(strict, decided)).toMatchObject({
    toPerson: 1,
    changed: [{ claim: 'clm-1', after: { person: true } }],
  });
  const byPerson = decided.map((claim) => ({ ...claim, byPerson: true, history: historyOf() }));
  expect(dryRun(strict, byPerson)).toMatchObject({ toPerson: 0, changed: [] });
});
