import { describe, expect, it } from 'vitest';
import { coverageTiers, type FormularyTerms, isAsStrict } from '#chaincode/model/formulary.ts';
import { FormularyList } from './coverage.ts';

const medicine = { code: 'MP-10001', atc: 'C10AA05' };
const hospital = 'inst-general-hospital';
const entry = (scope: string, terms: FormularyTerms, state: 'inForce' | 'withdrawn' = 'inForce') => ({
  ...{ scope, state },
  ...terms,
});
const coverage = (entries: ReturnType<typeof entry>[], institution: string | null = hospital) =>
  new FormularyList(entries, institution).coverageOf(medicine);

describe('how a medicine is covered', () => {
  it('is unlisted where nothing is said', () => {
    expect(coverage([])).toEqual({ tier: 'unlisted', narrowed: false, restrictions: [], notes: [] });
  });

  it('follows the nearest entry in force', () => {
    const group = entry('national', { code: 'C10AA', tier: 'tier2', group: 'Statins' });
    const substance = entry('national', { code: 'C10AA05', tier: 'tier3' });
    const own = entry('national', { code: 'MP-10001', atc: 'C10AA05', tier: 'tier1' });
    expect(coverage([group])).toMatchObject({ tier: 'tier2', group: 'Statins' });
    expect(coverage([group, substance]).tier).toBe('tier3');
    expect(coverage([own, group, substance]).tier).toBe('tier1');
    expect(coverage([{ ...own, state: 'withdrawn' }, group]).tier).toBe('tier2');
    expect(coverage([entry('national', { code: 'C10AB', tier: 'tier1' })]).tier).toBe('unlisted');
  });

  it('takes the stricter of two lists, whichever was written first, and conditions of both', () => {
    for (const national of coverageTiers) {
      for (const own of coverageTiers) {
        const found = coverage([
          entry(hospital, { code: 'C10AA', tier: own, restriction: 'Cardiology only' }),
          entry('national', { code: 'MP-10001', atc: 'C10AA05', tier: national, restriction: 'After diet' }),
        ]);
        expect(found.tier).toBe(isAsStrict(own, national) ? own : national);
        expect(found.restrictions).toEqual([
          { by: 'national', words: 'After diet' },
          { by: 'institution', words: 'Cardiology only' },
        ]);
        expect(found.narrowed).toBe(own !== national && isAsStrict(own, national));
      }
    }
  });

  it('cannot be opened by an institution that the list for all does not name', () => {
    expect(coverage([entry(hospital, { code: 'C10AA', tier: 'tier1' })]).tier).toBe('unlisted');
    expect(coverage([entry(hospital, { code: 'C10AA', tier: 'notCovered' })]).tier).toBe('notCovered');
  });

  it('is not another institution’s business', () => {
    const entries = [
      entry('national', { code: 'C', tier: 'tier1' }),
      entry(hospital, { code: 'C10AA', tier: 'notCovered' }),
    ];
    expect(coverage(entries, 'inst-lake-hospital').tier).toBe('tier1');
    expect(coverage(entries, null).tier).toBe('tier1');
    expect(coverage(entries).tier).toBe('notCovered');
  });
});
