import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categories, type Purpose, purposes } from './category.ts';
import { type ConsentTerms, consentTerms, type Grantee, mayHold, permitted, type Reader } from './consent.ts';

const at = new Date('2026-05-01T12:00:00.000Z');
const hours = (count: number) => new Date(at.getTime() + count * 3_600_000).toISOString();
const prac = (letter: string) => `prac-${letter.repeat(26)}`;
const inst = (name: string) => `inst-${name.repeat(8)}`;

const reader: Reader = { practitionerId: prac('a'), institutionId: inst('h'), role: 'doctor' };
const person: Grantee = { kind: 'person', id: reader.practitionerId };
const institution: Grantee = { kind: 'institution', id: reader.institutionId };
const role: Grantee = { kind: 'role', id: reader.institutionId, role: 'doctor' };

const terms = (change: Partial<ConsentTerms> = {}): ConsentTerms => ({
  ...{ decision: 'permit', grantee: person, categories: ['clinical'], purposes: ['TREAT'], from: hours(-1) },
  ...change,
});
const inForce = (...all: ConsentTerms[]) => all.map((said) => ({ state: 'active' as const, terms: said }));
const reads = (all: ConsentTerms[], asked: Partial<{ purpose: Purpose; at: Date }> = {}) =>
  permitted(inForce(...all), reader, { categories: ['clinical', 'hiv'], purpose: 'TREAT', at, ...asked });

describe('what is permitted', () => {
  it('nothing where nothing is said', () => {
    expect(reads([])).toEqual([]);
  });

  it.each([person, institution, role])('to a grantee %o', (grantee) => {
    expect(reads([terms({ grantee })])).toEqual(['clinical']);
  });

  it.each<Grantee>([
    { kind: 'person', id: prac('b') },
    { kind: 'institution', id: inst('p') },
    { kind: 'role', id: inst('p'), role: 'doctor' },
    { kind: 'role', id: inst('h'), role: 'admin' },
  ])('nothing by a consent for %o', (grantee) => {
    expect(reads([terms({ grantee })])).toEqual([]);
  });

  it('from the beginning until before the end', () => {
    const said = [terms({ from: hours(0), until: hours(2) })];
    expect(reads(said, { at: new Date(at.getTime() - 1) })).toEqual([]);
    expect(reads(said, { at })).toEqual(['clinical']);
    expect(reads(said, { at: new Date(hours(2)) })).toEqual([]);
  });

  it('only while it is not revoked', () => {
    const revoked = [{ state: 'revoked' as const, terms: terms() }];
    expect(permitted(revoked, reader, { categories: ['clinical'], purpose: 'TREAT', at })).toEqual([]);
  });

  it('for the purposes that are named, and for no emergency', () => {
    const said = [terms({ purposes: ['HRESCH', 'HPAYMT'] })];
    expect(purposes.filter((purpose) => reads(said, { purpose }).length > 0)).toEqual(['HPAYMT', 'HRESCH']);
    expect(consentTerms.safeParse({ ...terms(), purposes: ['ETREAT'] }).success).toBe(false);
  });

  it('not what another consent denies, whichever came first and to whomever of those that one is among', () => {
    const denied = terms({ decision: 'deny', grantee: institution });
    expect(reads([terms(), denied])).toEqual([]);
    expect(reads([denied, terms()])).toEqual([]);
    expect(reads([terms(), terms({ decision: 'deny', purposes: ['HRESCH'] })])).toEqual(['clinical']);
    expect(reads([terms(), terms({ decision: 'deny', until: hours(-0.5) })])).toEqual(['clinical']);
  });
});

describe('for whom a seed may be wrapped', () => {
  const holds = (all: ConsentTerms[], holder: Reader | { institutionId: string } = reader) =>
    mayHold(inForce(...all), holder, 'clinical', at);
  const house = { institutionId: reader.institutionId };

  it('whom a permit reaches, also one that begins later, and none that has ended', () => {
    expect(holds([terms()])).toBe(true);
    expect(holds([terms({ from: hours(5) })])).toBe(true);
    expect(holds([terms({ until: hours(0) })])).toBe(false);
    expect(holds([terms({ categories: ['hiv'] })])).toBe(false);
  });

  it('an institution for itself and its roles, and not for one person in it', () => {
    expect(holds([terms({ grantee: institution })], house)).toBe(true);
    expect(holds([terms({ grantee: role })], house)).toBe(true);
    expect(holds([terms()], house)).toBe(false);
  });

  it('not whom every purpose is denied; an institution not by a denial of one role or person in it', () => {
    const permits = terms({ grantee: institution, purposes: ['TREAT', 'HRESCH'] });
    const denies = (grantee: Grantee, said: ConsentTerms['purposes']) =>
      terms({ decision: 'deny', grantee, purposes: said });
    expect(holds([permits, denies(institution, ['TREAT'])], house)).toBe(true);
    expect(holds([permits, denies(institution, ['TREAT', 'HRESCH'])], house)).toBe(false);
    expect(holds([permits, denies(role, ['TREAT', 'HRESCH'])], house)).toBe(true);
    expect(holds([permits, denies(role, ['TREAT', 'HRESCH'])])).toBe(false);
  });

  it('everybody who is permitted anything now', () => {
    const grantees: Grantee[] = [person, institution, role, { kind: 'person', id: prac('b') }];
    const anyTerms = fc.record({
      decision: fc.constantFrom('permit' as const, 'deny' as const),
      grantee: fc.constantFrom(...grantees),
      categories: fc.constantFrom<ConsentTerms['categories']>(['clinical'], ['clinical', 'hiv']),
      purposes: fc.constantFrom<ConsentTerms['purposes']>(['TREAT'], ['HRESCH'], ['TREAT', 'HRESCH']),
      from: fc.constantFrom(hours(-2), hours(1)),
      until: fc.constantFrom(undefined, hours(-1), hours(2)),
    });
    const property = fc.property(fc.array(anyTerms, { maxLength: 6 }), (all) => {
      const allowed = purposes.flatMap((purpose) => permitted(inForce(...all), reader, { categories, purpose, at }));
      if (allowed.includes('clinical')) expect(holds(all)).toBe(true);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
