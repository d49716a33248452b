import { describe, expect, it } from 'vitest';
import { products } from './products.ts';
import { isShort, supplyOf } from './shortage.ts';

describe('a shortage', () => {
  it.each([
    [{ usable: 13, dispensed: 14 }, true],
    [{ usable: 14, dispensed: 14 }, false],
    [{ usable: 0, dispensed: 1 }, true],
    [{ usable: 0, dispensed: 0 }, false],
  ])('of %o: %s', (supply, short) => {
    expect(isShort(supply)).toBe(short);
  });

  it('counts packs of all sizes in units of the product', () => {
    const product = products.find(({ packs }) => packs.length > 1);
    const [small, large] = product?.packs ?? [];
    if (product === undefined || small === undefined || large === undefined) throw new Error('no product of two sizes');
    const supply = supplyOf([
      { gtin: small.gtin, usable: 3, dispensed: 1 },
      { gtin: large.gtin, usable: 2, dispensed: 0 },
      { gtin: '04012345000009', usable: 100, dispensed: 100 },
    ]);
    expect([...supply]).toEqual([[product.code, { usable: 3 * small.size + 2 * large.size, dispensed: small.size }]]);
  });
});
