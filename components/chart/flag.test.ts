import { describe, expect, it } from 'vitest';
import { flagOf } from './flag.ts';

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
});
