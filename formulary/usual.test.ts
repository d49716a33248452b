import { describe, expect, it } from 'vitest';
import { findProduct, medicines, products } from './products.ts';
import { dosesADay, usualCodes, usualDose } from './usual.ts';

const of = (code: string) => {
  const product = findProduct(code);
  if (!product) throw new Error(`no ${code}`);
  return usualDose(product);
};

describe('the usual dose', () => {
  it('lasts as long as the smallest pack, or as the course', () => {
    expect(of('MP-14210')).toEqual({ amount: 1, often: 'daily', days: 28 });
    expect(of('MP-12081')).toEqual({ amount: 1, often: 'every12', days: 28 });
    expect(of('MP-24021')).toEqual({ amount: 1, often: 'every8', days: 7 });
    expect(of('MP-30130')).toEqual({ amount: 1, often: 'weekly', days: 28 });
  });

  it('begins with no amount where none is usual', () => {
    expect(of('MP-28010')).toEqual({ often: 'weekly', days: 28 });
    expect(of('MP-24022').amount).toBeUndefined();
    expect(of('MP-10200').amount).toBeUndefined();
  });

  it('names only what the formulary has', () => {
    const known = new Set([...medicines.map(({ atc }) => atc), ...products.map(({ code }) => code)]);
    expect(usualCodes.filter((code) => !known.has(code))).toEqual([]);
    expect(new Set(usualCodes).size).toBe(usualCodes.length);
  });

  it('is whole days of countable units: nobody measures what nobody wrote', () => {
    for (const product of products) {
      const { amount, often, days } = usualDose(product);
      expect(Number.isInteger(days) && days >= 1 && days <= 365, product.code).toBe(true);
      if (amount === undefined) continue;
      expect(['mL', 'g', 'unit'], product.code).not.toContain(product.unit);
      expect(amount * dosesADay[often] * days, product.code).toBeLessThanOrEqual(90);
    }
  });
});
