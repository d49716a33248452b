import { describe, expect, it } from 'vitest';
import { flagOf, rangeWords, unitWords, valuesOf, valueWords } from './measured.ts';

describe('values as clinicians write them', () => {
  it.each([
    [{ n: 6.9, u: '%' }, '6.9 %'],
    [{ n: 0.5, c: '<', u: 'mg/L' }, '<0.5 mg/L'],
    [{ n: 5.6, u: '10*9/L' }, '5.6 10⁹/L'],
    [{ n: 1, u: '1' }, '1'],
    [{ t: 'negative' }, 'negative'],
  ])('%j is %s', (measured, words) => {
    expect(valueWords(measured)).toBe(words);
  });

  it('two parts of one unit are one value', () => {
    const p = [
      { x: 'Systolic', n: 132, u: 'mm[Hg]' },
      { x: 'Diastolic', n: 84, u: 'mm[Hg]' },
    ];
    expect(valuesOf({ p })).toBe('132 / 84 mmHg');
    expect(valuesOf({ p: [...p, { x: 'Mean', n: 100, u: 'mm[Hg]' }] })).toContain('Mean 100 mmHg');
  });

  it('the unit in braces is no unit', () => {
    expect(unitWords('{score}')).toBe('');
  });
});

describe('how a value lies to its range', () => {
  it.each([
    [{ n: 7, lo: 4, hi: 6 }, 'high'],
    [{ n: 3, lo: 4, hi: 6 }, 'low'],
    [{ n: 5, lo: 4, hi: 6 }, undefined],
    [{ n: 5, lo: 4, hi: 6, f: 'H' }, 'high'],
    [{ n: 9, hi: 6, f: 'N' }, undefined],
    [{ n: 9, f: 'HH' }, 'critical'],
    [{ t: 'positive', f: 'A' }, 'abnormal'],
    [{ t: 'positive' }, undefined],
  ])('%j', (measured, flag) => {
    expect(flagOf(measured)).toBe(flag);
  });

  it('the range in words', () => {
    expect([rangeWords({ lo: 4, hi: 6 }), rangeWords({ hi: 6 }), rangeWords({ lo: 4 }), rangeWords({})]).toEqual([
      '4 to 6',
      'up to 6',
      'from 4',
      undefined,
    ]);
  });
});
