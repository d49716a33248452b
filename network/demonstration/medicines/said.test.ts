import { describe, expect, it } from 'vitest';
import { formularyArgument, governingCodes, isAsStrict, shortageDeclaration } from '#chaincode/model/formulary.ts';
import { FormularyList } from '#formulary/coverage.ts';
import { interchangeBy } from '#formulary/interchange.ts';
import { findProduct, medicines } from '#formulary/products.ts';
import { substitutionOf } from '#formulary/substitution.ts';
import { institutions, patients, staff } from '../people.ts';
import { lots } from '../supply/lots.ts';
import { lists, reportedEvents, shortages } from './said.ts';

const memberOf = (email: string) => staff.find((person) => person.email === email);

describe('what is said of medicines', () => {
  it('is such as the ledger takes, by who may say it', () => {
    for (const { scope, entries, by } of lists) {
      expect(formularyArgument.parse({ scope, entries })).toEqual({ scope, entries });
      const speaker = memberOf(by);
      const authority = institutions.find(({ kind }) => kind === 'authority');
      expect(speaker?.role).toBe(scope === 'national' ? 'regulator' : 'admin');
      expect(speaker?.institutionId).toBe(scope === 'national' ? authority?.id : scope);
      for (const { code } of entries)
        expect(findProduct(code) ?? medicines.find(({ atc }) => atc.startsWith(code)), code).toBeDefined();
    }
    for (const { shortage, by } of shortages) {
      expect(shortageDeclaration.parse(shortage)).toEqual(shortage);
      expect(findProduct(shortage.product)).toBeDefined();
      expect(memberOf(by)?.role).toBe('regulator');
    }
  });

  it('is narrowed by institutions and never widened', () => {
    const national = new Map(lists.find(({ scope }) => scope === 'national')?.entries.map((each) => [each.code, each]));
    for (const { scope, entries } of lists) {
      if (scope === 'national') continue;
      for (const terms of entries) {
        const governing = governingCodes(terms).flatMap((code) => national.get(code) ?? [])[0];
        expect(isAsStrict(terms.tier, governing?.tier ?? 'notCovered'), terms.code).toBe(true);
      }
    }
  });

  it('lets one ramipril and one amlodipine be handed out for another at Harbour, and excludes one of each', () => {
    const entries = lists.flatMap(({ scope, entries: said }) =>
      said.map((terms) => ({ scope, state: 'inForce' as const, ...terms })),
    );
    const list = new FormularyList(entries, 'inst-harbour-pharmacy');
    const by = interchangeBy((code) => {
      const product = findProduct(code);
      return product && list.coverageOf(product);
    });
    const standing = (prescribed: string, given: string) => {
      const [one, other] = [findProduct(prescribed), findProduct(given)];
      if (!one || !other) throw new Error(`${prescribed}, ${given}`);
      return substitutionOf(one, other, { allowed: true, ...by });
    };
    expect(standing('MP-14301', 'MP-14303')).toEqual({ kind: 'substitute' });
    expect(standing('MP-14301', 'MP-14304').kind).toBe('refused');
    expect(standing('MP-14210', 'MP-14212')).toEqual({ kind: 'substitute' });
    expect(standing('MP-14210', 'MP-14213')).toEqual({ kind: 'refused', why: 'notCovered' });
    const here = lots.filter(({ reached }) => reached === 'harbour').map(({ gtin }) => gtin);
    for (const code of ['MP-14303', 'MP-14212']) expect(here).toContain(findProduct(code)?.packs[0]?.gtin);
  });

  it('is reported by people of the demonstration, of batches that there are', () => {
    const batches = new Map(lots.map(({ batch, gtin }) => [batch, gtin]));
    for (const { by, patient, channel, product, batch = '' } of reportedEvents) {
      const reporter = memberOf(by)?.role ?? (patients.some(({ email }) => email === by) ? 'patient' : undefined);
      expect(['patient', 'doctor', 'pharmacist']).toContain(reporter);
      expect(patient === undefined).toBe(channel !== undefined);
      expect(findProduct(product)?.packs.map(({ gtin }) => gtin)).toContain(batches.get(batch));
    }
    expect(new Set([...lists, ...shortages, ...reportedEvents].map(({ key }) => key)).size).toBe(
      lists.length + shortages.length + reportedEvents.length,
    );
  });
});
