import { describe, expect, it } from 'vitest';
import { dosesOf, packsOf, parseAmount, parseDays, parseDose, quantityOf, validDays } from './dose.ts';

const dose = { amount: 1, frequency: '2', days: 7, repeats: 0 } as const;

describe('dose', () => {
  it('counts the units of one fill', () => {
    expect(quantityOf(dose)).toBe(14);
    expect(quantityOf({ ...dose, amount: 0.5, frequency: '1', days: 7 })).toBe(4);
    expect(quantityOf({ ...dose, amount: 0.1, frequency: '3', days: 10 })).toBe(3);
    expect(dosesOf({ ...dose, frequency: '0.14', days: 28 })).toBe(4);
  });

  it('rounds packs up', () => {
    expect(packsOf(14, 14)).toBe(1);
    expect(packsOf(15, 14)).toBe(2);
    expect(packsOf(15, 0)).toBe(0);
  });

  it.each(['0', '-1', '', '1e3', 'one', '1.2345', '0.000'])('refuses the amount “%s”', (text) => {
    expect(parseAmount(text)).toBeUndefined();
  });

  it('takes a decimal comma', () => {
    expect(parseAmount('2,5')).toBe(2.5);
  });

  it.each(['0', '366', '1.5', '-7', ''])('refuses “%s” days', (text) => {
    expect(parseDays(text)).toBeUndefined();
  });

  it('is incomplete without a good amount', () => {
    expect(parseDose({ amount: '-1', frequency: '1', days: '7', repeats: 0 })).toBeUndefined();
    expect(parseDose({ amount: '1', frequency: '1', days: '7', repeats: 2 })).toEqual({
      amount: 1,
      frequency: '1',
      days: 7,
      repeats: 2,
    });
  });

  it('stays valid longer with repeats, within the ledger’s limit', () => {
    expect(validDays(dose)).toBe(28);
    expect(validDays({ days: 30, repeats: 3 })).toBe(118);
    expect(validDays({ days: 365, repeats: 12 })).toBe(365);
  });
});
