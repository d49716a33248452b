import { describe, expect, it } from 'vitest';
import { faultsOf, type ProductForm, productOf } from './productForm.ts';

const form: ProductForm = {
  ...{ gtin: '9506000134352', name: 'Metformin 500 mg, 60 tablets', prefixLength: 7 },
  ...{ isStored: true, coldest: '2', warmest: '8' },
};

describe('a product that is typed', () => {
  it('is signed with 14 digits and its limits', () => {
    expect(faultsOf(form)).toEqual({});
    expect(productOf(form, 'inst-nordvita')).toEqual({
      ...{ gtin: '09506000134352', name: 'Metformin 500 mg, 60 tablets', maker: 'inst-nordvita', prefixLength: 7 },
      storage: { minCelsius: 2, maxCelsius: 8 },
    });
  });

  it('has no limits where it needs none, whatever was typed', () => {
    const free = { ...form, isStored: false, coldest: 'x' };
    expect(faultsOf(free)).toEqual({});
    expect(productOf(free, 'inst-nordvita')).not.toHaveProperty('storage');
  });

  it.each([
    ['9506000134353', 12],
    ['95060001x4352', 8],
    ['950600013435', 11],
    ['', 0],
  ])('says at which character GTIN %j is wrong', (gtin, position) => {
    expect(faultsOf({ ...form, gtin }).gtin?.position).toBe(position);
  });

  it.each([
    ['8', '2'],
    ['2', ''],
    ['2.5', '8'],
    ['5', '5'],
    ['-300', '8'],
  ])('takes no limits from %j to %j', (coldest, warmest) => {
    expect(Object.keys(faultsOf({ ...form, coldest, warmest }))).toEqual(['storage']);
  });

  it('takes the minus that texts have', () => {
    expect(productOf({ ...form, coldest: '−25', warmest: '-15' }, 'inst-nordvita').storage).toEqual({
      minCelsius: -25,
      maxCelsius: -15,
    });
  });
});
