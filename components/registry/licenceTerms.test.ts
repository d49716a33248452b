import { describe, expect, it } from 'vitest';
import { licence } from '#chaincode/model/records.ts';
import { isInOrder, licenceOf, newTerms, termsOf } from './licenceTerms.ts';

describe('the terms of a licence', () => {
  it('are of the ledger’s form, and the same when they come back', () => {
    const terms = { number: ' N-1 ', specialty: '', from: '2026-03-01', until: '2027-02-28' };
    const recorded = licence.parse(licenceOf(terms));
    expect(termsOf(recorded)).toEqual({ ...terms, number: 'N-1' });
  });

  it('cover the first and the last day, even where they are one', () => {
    const terms = { number: 'N', specialty: '', from: '2026-03-01', until: '2026-03-01' };
    expect(isInOrder(terms)).toBe(true);
    expect(licence.safeParse(licenceOf(terms)).success).toBe(true);
    expect(isInOrder({ ...terms, until: '2026-02-28' })).toBe(false);
    expect(isInOrder({ ...terms, until: '' })).toBe(false);
  });

  it('begin today', () => {
    expect(newTerms(new Date('2026-05-04T23:00:00Z'))).toMatchObject({ from: '2026-05-04', until: '2030-05-04' });
  });
});
