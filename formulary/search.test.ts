import { describe, expect, it } from 'vitest';
import { products } from './products.ts';
import { fold, searchFormulary } from './search.ts';

const names = (query: string, limit?: number) => searchFormulary(query, limit).map(({ product }) => product.name);

describe('searching the formulary', () => {
  it('puts names that begin with the words first', () => {
    expect(names('amox')[0]).toBe('amoxicillin');
    expect(new Set(names('amox'))).toEqual(new Set(['amoxicillin', 'amoxicillin and clavulanic acid']));
    expect(names('Clavulanic')).toContain('amoxicillin and clavulanic acid');
  });

  it('puts the exact name before longer ones', () => {
    expect(names('levonorgestrel')[0]).toBe('levonorgestrel');
  });

  it('is refined by form and strength', () => {
    const found = searchFormulary('amoxicillin capsule 500').map(({ product }) => product);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ name: 'amoxicillin', form: 'capsule', strength: '500 mg' });
    expect(searchFormulary('ator 20mg')[0]?.product.strength).toBe('20 mg');
    expect(searchFormulary('tablet')).toEqual([]);
  });

  it('finds each product by its code first, with and without prefix', () => {
    for (const product of products) {
      expect(searchFormulary(product.code)[0]?.product, product.code).toBe(product);
      expect(searchFormulary(product.code.toLowerCase().replace('mp-', ''))[0]?.product).toBe(product);
    }
  });

  it('finds by ATC code and its beginnings', () => {
    expect(names('C10AA05')).toEqual(['atorvastatin', 'atorvastatin', 'atorvastatin', 'atorvastatin']);
    expect(new Set(searchFormulary('c10aa', 50).map(({ product }) => product.atc.slice(0, 5)))).toEqual(
      new Set(['C10AA']),
    );
  });

  it('finds by brand, and begins with what goes by the substance', () => {
    expect(searchFormulary('tenso').map(({ product }) => product.code)).toEqual(['MP-14213']);
    expect(searchFormulary('ramipril 5').map(({ product }) => product.code)).toEqual([
      ...['MP-14301', 'MP-14303', 'MP-14304'],
    ]);
  });

  it('does not mind case, diacritics and spaces', () => {
    expect(names('  PÀRACÉTAMOL ')).toEqual(names('paracetamol'));
    expect(names('paracetamol').length).toBeGreaterThan(0);
    expect(fold('Ödem')).toBe('odem');
  });

  it('says what to highlight', () => {
    const [found] = searchFormulary('clav amox');
    expect(found?.highlights).toEqual([
      [0, 4],
      [16, 20],
    ]);
    expect(found?.product.name.slice(16, 20)).toBe('clav');
    expect(searchFormulary('J01CA04')[0]?.highlights).toEqual([]);
    expect(searchFormulary('amox amo')[0]?.highlights).toEqual([[0, 4]]);
  });

  it('answers nothing to nothing, nonsense and too much', () => {
    expect(searchFormulary('')).toEqual([]);
    expect(searchFormulary('   ')).toEqual([]);
    expect(searchFormulary('zzzz')).toEqual([]);
    expect(searchFormulary('a'.repeat(10_000_000))).toEqual([]);
  });

  it('keeps to the limit', () => {
    expect(searchFormulary('a', 5)).toHaveLength(5);
    expect(searchFormulary('a')).toHaveLength(20);
  });
});
