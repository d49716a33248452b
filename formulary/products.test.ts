import { describe, expect, it } from 'vitest';
import { isGtin } from '#gs1/gtin.ts';
import { exampleGtin } from './gtin.ts';
import { findProduct, findProductByGtin, medicines, products } from './products.ts';

describe('the formulary', () => {
  it('has at least 150 medicines', () => {
    expect(new Set(medicines.map((medicine) => medicine.name)).size).toBeGreaterThanOrEqual(150);
  });

  it('gives each product a code and each pack a GTIN of its own', () => {
    const gtins = products.flatMap((product) => product.packs.map((pack) => pack.gtin));
    expect(new Set(products.map((product) => product.code)).size).toBe(products.length);
    expect(new Set(gtins).size).toBe(gtins.length);
    expect(new Set(medicines.map((medicine) => medicine.atc)).size).toBe(medicines.length);
  });

  it.each(products.map((product) => [`${product.code} ${product.name}`, product] as const))(
    '%s is well formed',
    (_, product) => {
      expect(product.code).toMatch(/^MP-\d{5}$/);
      expect(product.name).toMatch(/^[a-z][a-z ,()-]+$/);
      expect(product.atc).toMatch(/^[ABCDGHJLMNPRSV](0[1-9]|1[0-6])[A-Z]{2}\d{2}$/);
      expect(product.strength).toMatch(/^[\d.,]+ (mg|g|micrograms|units)(\/|$)/);
      expect(product.brand ?? 'Brand').toMatch(/^[A-Z][a-z]+$/);
      expect(product.packs.length).toBeGreaterThan(0);
      for (const pack of product.packs) {
        expect(pack.size).toBeGreaterThan(0);
        expect(pack.gtin).toMatch(/^0950600\d{7}$/);
        expect(isGtin(pack.gtin)).toBe(true);
        expect(findProductByGtin(pack.gtin)).toBe(product);
        expect(findProductByGtin(pack.gtin.slice(1))).toBe(product);
      }
      expect(findProduct(product.code)).toBe(product);
    },
  );

  it('counts drops in drops', () => {
    const timolol = products.find((product) => product.name === 'timolol');
    expect(timolol).toMatchObject({ unit: 'drop', route: 'ocular', packs: [{ size: 100 }] });
  });

  it('marks what is controlled', () => {
    const controlled = medicines
      .filter((medicine) => medicine.products[0]?.controlled)
      .map((medicine) => medicine.name);
    expect(controlled).toEqual(expect.arrayContaining(['morphine', 'diazepam', 'methylphenidate', 'pregabalin']));
    expect(controlled).not.toContain('paracetamol');
  });

  it('knows no other code', () => {
    expect(findProduct('MP-00000')).toBeUndefined();
    expect(findProductByGtin('09506000134352')).toBeUndefined();
  });
});

describe('GTINs', () => {
  it('are told apart by pack', () => {
    expect(exampleGtin('MP-20417', 0)).not.toBe(exampleGtin('MP-20417', 1));
  });
});
