import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyYear } from './claim.ts';
import { countedInstead, noUsage, type Shares } from './usage.ts';

describe('the year of a policy', () => {
  it.each([
    ['2024-03-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z', 1],
    ['2024-03-01T00:00:00.000Z', '2025-02-28T23:59:59.999Z', 1],
    ['2024-03-01T00:00:00.000Z', '2025-03-01T00:00:00.000Z', 2],
    ['2024-02-29T12:00:00.000Z', '2025-02-28T12:00:00.000Z', 1],
    ['2024-02-29T12:00:00.000Z', '2025-03-01T12:00:00.000Z', 2],
    ['2024-02-29T12:00:00.000Z', '2028-02-28T23:59:59.999Z', 4],
    ['2024-02-29T12:00:00.000Z', '2028-02-29T00:00:00.000Z', 5],
    ['2024-12-31T23:00:00.000Z', '2025-01-01T00:00:00.000Z', 1],
    // Before it began; a policy covers nothing then.
    ['2024-03-01T00:00:00.000Z', '2023-03-01T00:00:00.000Z', 1],
  ])('that began at %s is at %s year %i', (from, at, year) => {
    expect(policyYear(from, new Date(at))).toBe(year);
  });

  it('never goes back, and lasts no longer than a leap year and a day', () => {
    const instant = fc.date({ min: new Date('2020-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, instant, instant, (from, a, b) => {
        const [earlier, later] = a < b ? [a, b] : [b, a];
        const years = [earlier, later].map((at) => policyYear(from.toISOString(), at));
        expect(years[0]).toBeLessThanOrEqual(years[1] ?? 0);
        const inYear = new Date(later.getTime() + 367 * 24 * 60 * 60 * 1000);
        if (later >= from) expect(policyYear(from.toISOString(), inYear)).toBeGreaterThan(years[1] ?? 0);
      }),
    );
  });
});

it('an account is the sum of what counts, in whatever order it came to count', () => {
  const amount = fc.nat({ max: 1_000 });
  const shares = fc.option(fc.record({ insurer: amount, patient: amount, deductible: amount }), { nil: undefined });
  const steps = fc.array(fc.record({ claim: fc.nat({ max: 3 }), shares }), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (made) => {
      const inForce = new Map<number, Shares | undefined>();
      let usage = noUsage('pol', 1);
      for (const { claim, shares: after } of made) {
        const before = usage;
        usage = countedInstead(usage, claim % 2 ? 'medicine' : 'inpatient', inForce.get(claim), after);
        inForce.set(claim, after);
        const { version, ...amounts } = usage;
        const { version: earlier, ...same } = before;
        // The version says whether anything has changed.
        expect(version).toBe(JSON.stringify(amounts) === JSON.stringify(same) ? earlier : earlier + 1);
      }
      const sum = (of: keyof Shares, which = (_claim: number) => true) =>
        [...inForce].reduce((total, [claim, one]) => total + (which(claim) ? (one?.[of] ?? 0) : 0), 0);
      expect(usage).toMatchObject({
        ...{ insurer: sum('insurer'), patient: sum('patient'), deductible: sum('deductible') },
      });
      expect(usage.categories.medicine ?? 0).toBe(sum('insurer', (claim) => claim % 2 === 1));
      expect(usage.categories.inpatient ?? 0).toBe(sum('insurer', (claim) => claim % 2 === 0));
    }),
  );
});
