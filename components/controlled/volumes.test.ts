import { describe, expect, it } from 'vitest';
import type { RegisterEntry } from '#chaincode/model/controlledRegister.ts';
import { fewestWeeks, limitOf, median, volumesOf, weekOf } from './volumes.ts';

let number = 0;
const entry = (author: string, at: string, quantity: number, medicine = 'MP-1'): RegisterEntry => {
  number += 1;
  return { id: `rx-0-${number}`, medicine, atc: 'N02AA01', name: 'morphine', quantity, unit: 'tablet', author, at };
};

describe('a week', () => {
  it.each([
    ['2026-11-23T00:00:00Z', '2026-11-23'],
    ['2026-11-29T23:59:59Z', '2026-11-23'],
    ['2026-11-30T00:00:00Z', '2026-11-30'],
    ['1970-01-01T00:00:00Z', '1969-12-29'],
  ])('of %s begins on Monday, %s', (instant, monday) => {
    expect(weekOf(instant)).toBe(monday);
  });
});

describe('what is usual', () => {
  it('is the median', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, 0]);
  });

  it('is not moved by what lies far out', () => {
    const usual = [30, 28, 32, 30, 29, 31, 30];
    const limit = limitOf(usual)?.limit ?? 0;
    expect(limitOf([...usual, 3_000])?.limit).toBeLessThan(limit * 1.2);
  });

  it('is unknown with few weeks, and has some room where all are alike', () => {
    expect(limitOf(Array.from({ length: fewestWeeks - 1 }, () => 30))).toBeUndefined();
    expect(limitOf(Array.from({ length: fewestWeeks }, () => 30))).toEqual({ typical: 30, limit: 40.5 });
  });
});

describe('volumes', () => {
  it('are of a prescriber, a medicine and a week', () => {
    const volumes = volumesOf([
      entry('prac-a', '2026-11-23T08:00:00Z', 20),
      entry('prac-a', '2026-11-29T08:00:00Z', 10),
      entry('prac-a', '2026-11-30T08:00:00Z', 5),
      entry('prac-b', '2026-11-23T08:00:00Z', 7),
      entry('prac-a', '2026-11-23T08:00:00Z', 9, 'MP-2'),
    ]);
    expect(
      volumes.map(({ prescriber, medicine, week, units, prescriptions }) =>
        [prescriber, medicine, week, units, prescriptions].join(' '),
      ),
    ).toEqual([
      'prac-a MP-1 2026-11-30 5 1',
      'prac-a MP-1 2026-11-23 30 2',
      'prac-a MP-2 2026-11-23 9 1',
      'prac-b MP-1 2026-11-23 7 1',
    ]);
  });

  it('mark what lies far above all weeks of the medicine, and compare no medicine with another', () => {
    const usual = ['a', 'b', 'c', 'd', 'e', 'f'].map((who) => entry(`prac-${who}`, '2026-11-23T08:00:00Z', 30));
    const large = entry('prac-g', '2026-11-16T08:00:00Z', 400);
    const other = entry('prac-h', '2026-11-23T08:00:00Z', 400, 'MP-2');
    const volumes = volumesOf([...usual, large, other]);
    expect(volumes.filter(({ outlier }) => outlier).map(({ prescriber }) => prescriber)).toEqual(['prac-g']);
    expect(volumes[0]).toMatchObject({ prescriber: 'prac-g', typical: 30, limit: 40.5 });
  });
});
