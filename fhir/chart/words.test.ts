import { describe, expect, it } from 'vitest';
import { entryValue, rangeWords, spanWords, timeWords, unitWords, valueWords } from './words.ts';

describe('the words of an entry', () => {
  it.each([
    ['mm[Hg]', 'mmHg'],
    ['umol/L', 'µmol/L'],
    ['ug/L', 'µg/L'],
    ['{tablet}', 'tablet'],
    ['mL/min/{1.73_m2}', 'mL/min/1.73 m²'],
    ['10*9/L', '10⁹/L'],
    ['mmol/L', 'mmol/L'],
    ['constructor', 'constructor'],
  ])('write the unit %s as %s', (ucum, written) => {
    expect(unitWords(ucum)).toBe(written);
  });

  it('write values with comparator and unit, and ranges', () => {
    expect(valueWords({ n: 0.1, c: '<', u: 'mg/L' })).toBe('< 0.1 mg/L');
    expect(valueWords({ n: 12345.6 })).toBe('12,345.6');
    expect(valueWords({ t: 'positive' })).toBe('positive');
    expect([rangeWords({ lo: 3.5, hi: 5.1 }), rangeWords({ hi: 5 }), rangeWords({ lo: 60 }), rangeWords({})]).toEqual([
      ...['3.5–5.1', 'under 5', 'over 60', ''],
    ]);
    const parts = [
      { x: 'Systolic', n: 128, u: 'mm[Hg]' },
      { x: 'Diastolic', n: 81, u: 'mm[Hg]' },
    ];
    const entry = {
      k: 'vital',
      r: '1',
      y: 'Observation',
      d: 'd',
      w: '2026-01-01T00:00:00Z',
      x: 'BP',
      s: 'final',
    } as const;
    expect(entryValue({ ...entry, p: parts })).toBe('128 / 81 mmHg');
  });

  it.each([
    ['2024', '2024'],
    ['2024-05', 'May 2024'],
    ['2024-05-17', '17 May 2024'],
    ['2024-05-17T23:30:00+02:00', '17 May 2024, 21:30'],
  ])('say %s no more exactly than it is known: %s', (written, words) => {
    expect(timeWords(written, 'UTC')).toBe(words);
  });

  it('say a span, and a day that is one', () => {
    expect(spanWords({ a: '2024', e: '2025-02' })).toBe('2024 – Feb 2025');
    expect(spanWords({ a: '2024', e: '2024' })).toBe('2024');
    expect(spanWords({})).toBe('');
  });
});
