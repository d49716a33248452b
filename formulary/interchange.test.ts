import { describe, expect, it } from 'vitest';
import type { FormularyTerms } from '#chaincode/model/formulary.ts';
import { FormularyList } from './coverage.ts';
import { interchangeBy } from './interchange.ts';
import { findProduct, products } from './products.ts';
import { substitutionOf } from './substitution.ts';

const [plain, second, third] = ['MP-14301', 'MP-14303', 'MP-14304'].map((code) => findProduct(code));
if (!plain || !second || !third) throw new Error('the formulary lost a ramipril');
const pharmacy = 'inst-harbour-pharmacy';

type Entries = ConstructorParameters<typeof FormularyList>[0];
const entry = (code: string, terms: Omit<FormularyTerms, 'code'>, scope = 'national'): Entries[number] => ({
  ...{ scope, state: 'inForce', code, atc: 'C09AA05' },
  ...terms,
});
const standing = (entries: Entries, given = second, prescribed = plain, allowed = true) => {
  const list = new FormularyList(entries, pharmacy);
  const saidOf = (code: string) => {
    const product = findProduct(code);
    return product && list.coverageOf(product);
  };
  const { kind, ...more } = substitutionOf(prescribed, given, { allowed, ...interchangeBy(saidOf) });
  return 'why' in more ? more.why : kind;
};

describe('what the lists say of a substitute', () => {
  it('changes nothing where they say nothing, or the same of both', () => {
    expect(standing([])).toBe('substitute');
    expect(standing([entry('C09AA', { tier: 'tier1', group: 'ACE inhibitors' })])).toBe('substitute');
  });

  it('keeps to the generics that the list for all names', () => {
    const named = [plain, second].map(({ code }) => entry(code, { tier: 'tier1', group: 'Ramipril 5 mg' }));
    expect(standing(named)).toBe('substitute');
    expect(standing(named, third)).toBe('notInterchangeable');
    expect(standing(named, plain, third)).toBe('notInterchangeable');
  });

  it('keeps to those of the institution besides', () => {
    const all = entry('C09AA05', { tier: 'tier1', group: 'Ramipril' });
    const own = [plain, third].map(({ code }) => entry(code, { tier: 'tier1', group: 'Contract' }, pharmacy));
    expect(standing([all, ...own], third)).toBe('substitute');
    expect(standing([all, ...own], second)).toBe('notInterchangeable');
    const elsewhere = own.map((each) => ({ ...each, scope: 'inst-old-town-pharmacy' }));
    expect(standing([all, ...elsewhere], second)).toBe('substitute');
  });

  it.each(['national', pharmacy])('leaves out what is excluded: %s', (scope) => {
    const entries = [
      entry('C09AA05', { tier: 'tier1' }),
      entry(second.code, { tier: 'notCovered' }, scope),
      ...(scope === 'national' ? [] : [entry(second.code, { tier: 'tier1' })]),
    ];
    expect(standing(entries)).toBe('notCovered');
    expect(standing(entries, third)).toBe('substitute');
    // What was prescribed is handed out all the same, and so is another for it.
    expect(standing(entries, second, second)).toBe('prescribed');
    expect(standing(entries, plain, second)).toBe('substitute');
  });

  it('widens nothing: what the rules or the prescriber refuse stays refused', () => {
    const everything = [entry('C', { tier: 'tier1', group: 'All alike' })];
    for (const given of products) {
      const without = standing([], given);
      if (without !== 'substitute' && without !== 'prescribed') expect(standing(everything, given)).toBe(without);
    }
    expect(standing(everything, second, plain, false)).toBe('excluded');
  });
});
