import { describe, expect, it } from 'vitest';
import { findProduct } from '#formulary/products.ts';
import {
  emptyDose,
  everyShown,
  orderOf,
  parseAmount,
  parseDays,
  quantityOf,
  usualDraft,
  usualInterval,
  validDays,
  windowsOf,
  withRepeats,
} from './dose.ts';

const tablet = { unit: 'tablet', route: 'oral' } as const;

describe('dose', () => {
  it('makes an order of a complete draft', () => {
    const order = orderOf({ ...emptyDose, frequency: 'every12', repeats: 2 }, tablet);
    expect(order).toMatchObject({ quantity: 14, repeats: 2, parts: 1, validDays: 42 });
    expect(order?.everyDays).toBeUndefined();
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

  it('begins with the usual dose for as long as the smallest pack lasts', () => {
    const product = findProduct('MP-14210');
    if (!product) throw new Error('no amlodipine');
    expect(usualDraft(product)).toMatchObject({ amount: '1', frequency: 'daily', days: '28' });
    expect(orderOf(usualDraft(product), product)?.quantity).toBe(28);
  });

  it('lets a fill be collected a few days before the last one runs out', () => {
    expect([1, 7, 28, 90, 365].map(usualInterval)).toEqual([1, 6, 24, 83, 180]);
  });

  it('puts the usual interval between repeats, which follows the days, unless the doctor says another or none', () => {
    const repeated = withRepeats({ ...emptyDose, days: '28' }, 2);
    expect(everyShown(repeated)).toBe('24');
    expect(orderOf(repeated, tablet)?.everyDays).toBe(24);
    expect(orderOf({ ...repeated, days: '90' }, tablet)?.everyDays).toBe(83);
    expect(everyShown({ ...repeated, days: '' })).toBe('');
    expect(orderOf({ ...repeated, days: '90', every: '30' }, tablet)?.everyDays).toBe(30);
    const cleared = withRepeats({ ...repeated, every: '' }, 3);
    expect(orderOf(cleared, tablet)).toMatchObject({ repeats: 3, validDays: 112 });
    expect(orderOf(cleared, tablet)?.everyDays).toBeUndefined();
    expect(withRepeats(repeated, 0)).toMatchObject({ repeats: 0, every: '' });
  });

  it('makes parts with a window each', () => {
    const draft = { ...emptyDose, days: '28', repeats: 2, repeating: 'ownCodes', every: '30' } as const;
    const order = orderOf(draft, tablet);
    expect(order).toMatchObject({ quantity: 28, repeats: 0, parts: 3, everyDays: 30, validDays: 28 });
    if (!order) throw new Error('no order');
    expect(quantityOf(order)).toBe('3 × 28 tablets');
    expect(windowsOf(order, Date.parse('2026-01-01T00:00:00Z'))).toEqual([
      { expires: '2026-01-29T00:00:00.000Z' },
      { from: '2026-01-31T00:00:00.000Z', expires: '2026-02-28T00:00:00.000Z' },
      { from: '2026-03-02T00:00:00.000Z', expires: '2026-03-30T00:00:00.000Z' },
    ]);
  });

  it('refuses parts beyond the year that the ledger takes', () => {
    const draft = { ...emptyDose, days: '90', repeats: 11, repeating: 'ownCodes' } as const;
    expect(orderOf(draft, tablet)).toBeUndefined();
    expect(orderOf({ ...draft, repeats: 4 }, tablet)?.parts).toBe(5);
  });

  it('repeats no controlled medicine', () => {
    expect(orderOf({ ...emptyDose, repeats: 3 }, { ...tablet, controlled: true })).toMatchObject({
      repeats: 0,
      parts: 1,
      validDays: 28,
    });
  });
});
