import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listedPrice, parseAmount, typedAmount } from './price.ts';

describe('a typed amount', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), (minor) => {
        expect(parseAmount(typedAmount(minor))).toBe(minor);
      }),
    );
  });

  it.each([
    ['12', 1_200],
    ['12,5', 1_250],
    [' 0.05 ', 5],
  ])('%j is %d', (typed, minor) => expect(parseAmount(typed)).toBe(minor));

  it.each(['', '0', '0.00', '-1', '1.234', '1e3', '1 000', 'abc', '1.', '.5', '999999999'])('%j is none', (typed) =>
    expect(parseAmount(typed)).toBeUndefined(),
  );
});

describe('a listed price', () => {
  const terms = {
    prices: [
      { code: 'MP-10220', price: 224, per: 56 },
      { code: 'ECG', price: 2_900, per: 1 },
    ],
  };

  it('is for as many units as there are', () => {
    expect(listedPrice(terms, 'MP-10220', 56)).toBe(224);
    expect(listedPrice(terms, 'MP-10220', 28)).toBe(112);
    expect(listedPrice(terms, 'ECG', 1)).toBe(2_900);
    expect(listedPrice(terms, 'MP-99999', 1)).toBeUndefined();
  });
});
