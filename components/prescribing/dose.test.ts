import { describe, expect, it } from 'vitest';
import { emptyDose, orderOf, parseAmount, parseDays, validDays } from './dose.ts';

const tablet = { unit: 'tablet', route: 'oral' } as const;

describe('dose', () => {
  it('makes an order of a complete draft', () => {
    const order = orderOf({ ...emptyDose, frequency: 'every12', repeats: 2 }, tablet);
    expect(order).toMatchObject({ quantity: 14, repeats: 2, validDays: 42 });
    expect(order?.dose).toMatchObject({ amount: 1, unit: 'tablet', route: 'oral', frequency: 2, durationDays: 7 });
  });

  it('rounds units up', () => {
    expect(orderOf({ ...emptyDose, amount: '0,5' }, tablet)?.quantity).toBe(4);
    expect(orderOf({ ...emptyDose, frequency: 'weekly', days: '28' }, tablet)?.quantity).toBe(4);
    expect(orderOf({ ...emptyDose, frequency: 'otherDay', days: '7' }, tablet)?.quantity).toBe(4);
  });

  it.each(['0', '-1', '', '1e3', 'one', '1.2345', '0.000'])('refuses the amount “%s”', (text) => {
    expect(parseAmount(text)).toBeUndefined();
    expect(orderOf({ ...emptyDose, amount: text }, tablet)).toBeUndefined();
  });

  it.each(['0', '366', '1.5', '-7', ''])('refuses “%s” days', (text) => {
    expect(parseDays(text)).toBeUndefined();
  });

  it('refuses more than the ledger takes', () => {
    expect(orderOf({ ...emptyDose, amount: '99999', days: '365' }, tablet)).toBeUndefined();
  });

  it('stays valid longer with repeats, within the ledger’s limit', () => {
    expect(validDays(7, 0)).toBe(28);
    expect(validDays(30, 3)).toBe(118);
    expect(validDays(365, 12)).toBe(365);
  });
});
