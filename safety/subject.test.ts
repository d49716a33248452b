import { describe, expect, it } from 'vitest';
import { yearsAt } from './subject.ts';

describe('age in years', () => {
  it.each([
    ['2008-11-27', '2026-11-27T00:00:00.000Z', 18],
    ['2025-11-27', '2026-11-27T00:00:00.000Z', 1],
    ['1961-11-27', '2026-11-27T00:00:00.000Z', 65],
    ['2008-02-29', '2026-03-01T00:00:00.000Z', 18],
  ])('of %s at %s is %s on the very day', (birthDate, at, years) => {
    expect(yearsAt(birthDate, at)).toBe(years);
    const before = new Date(Date.parse(at) - 1).toISOString();
    expect(yearsAt(birthDate, before)).toBeLessThan(years);
    expect(yearsAt(birthDate, before)).toBeCloseTo(years, 5);
  });

  it('has the part of the year, and is negative before birth', () => {
    expect(yearsAt('2026-01-01', '2026-07-02T12:00:00.000Z')).toBeCloseTo(0.5, 3);
    expect(yearsAt('2027-11-27', '2026-11-27T00:00:00.000Z')).toBe(-1);
  });
});
