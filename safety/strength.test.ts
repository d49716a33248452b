import { describe, expect, it } from 'vitest';
import { products } from '#formulary/products.ts';
import { contentOf } from './strength.ts';
import { productOf } from './testing.ts';

describe('the content of one unit', () => {
  it.each([
    ['amoxicillin', '500 mg', [{ amount: 500, unit: 'mg' }]],
    ['amoxicillin', '250 mg/5 mL', [{ amount: 50, unit: 'mg' }]],
    ['digoxin', '125 micrograms', [{ amount: 0.125, unit: 'mg' }]],
    ['metformin', '1 g', [{ amount: 1000, unit: 'mg' }]],
    ['enoxaparin', '4,000 units/0.4 mL', [{ amount: 4000, unit: 'units' }]],
    ['adalimumab', '40 mg/0.4 mL', [{ amount: 40, unit: 'mg' }]],
    ['colecalciferol', '20,000 units/mL', [{ amount: 1000, unit: 'units' }]],
    ['insulin glargine', '100 units/mL', [{ amount: 1, unit: 'units' }]],
    ['salbutamol', '100 micrograms/dose', [{ amount: 0.1, unit: 'mg' }]],
    ['clobetasol', '0.5 mg/g', [{ amount: 0.5, unit: 'mg' }]],
    ['fentanyl', '25 micrograms/h', undefined],
    ['estradiol', '50 micrograms/24 h', undefined],
    [
      'amoxicillin and clavulanic acid',
      '875 mg/125 mg',
      [
        { amount: 875, unit: 'mg' },
        { amount: 125, unit: 'mg' },
      ],
    ],
  ])('of %s %s', (name, strength, contents) => {
    const content = contentOf(productOf(name, strength));
    expect(content?.map(({ amount, unit }) => ({ amount: Number(amount.toFixed(6)), unit }))).toEqual(contents);
  });

  it('is told of every product but patches', () => {
    for (const product of products)
      expect(contentOf(product) === undefined, `${product.name} ${product.strength}`).toBe(
        /\/(24 )?h$/.test(product.strength),
      );
  });
});
