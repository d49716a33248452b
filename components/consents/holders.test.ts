import { describe, expect, it } from 'vitest';
import type { ConsentTerms, Grantee } from '#chaincode/model/consent.ts';
import type { SeedHolder } from '#chaincode/model/healthRecord.ts';
import type { KnownGrantee } from '#server/consents/schema.ts';
import type { RepresentationView } from '#server/patients/schema.ts';
import { dueTo, fitting, lacking, outgrown, overtaken, type Sharing } from './holders.ts';

const now = new Date('2026-03-15T10:00:00Z');
const before = '2026-03-01T10:00:00Z';
const patient = `pt-0-${'a'.repeat(26)}`;
const helper = `pt-1-${'b'.repeat(26)}`;
const doctor = `prac-${'c'.repeat(26)}`;
const hospital = 'inst-lakeside-hospital';

const grantees: KnownGrantee[] = [
  {
    ...{ kind: 'person', id: doctor, name: 'Dr Weiss', role: 'doctor', specialty: '' },
    ...{ institution: { id: hospital, name: 'Lakeside' }, active: true },
  },
  { kind: 'institution', id: hospital, name: 'Lakeside', institutionKind: 'hospital', place: '', active: true },
];
const says = (grantee: Grantee, change: Partial<ConsentTerms> = {}) => ({
  state: 'active' as const,
  terms: {
    ...{ decision: 'permit' as const, grantee, categories: ['results' as const], purposes: ['TREAT' as const] },
    ...{ from: before, ...change },
  },
});
const acting = (change: Partial<RepresentationView> = {}): RepresentationView => ({
  ...{ id: `rep-0-${'d'.repeat(26)}`, state: 'active', since: before },
  ...{ patient: { pseudonym: patient }, representative: { pseudonym: helper }, ...change },
});
const sharing = (change: Partial<Sharing> = {}): Sharing => ({
  ...{ patient, enrolled: true, consents: [], grantees, representations: [], ...change },
});
const toPerson = { kind: 'person', id: doctor } as const;
const toHospital = { kind: 'institution', id: hospital } as const;

describe('keys are due', () => {
  const of = ['clinical', 'results'] as const;

  it('to the patient and who acts for the patient now, of everything', () => {
    expect(dueTo(sharing({ representations: [acting()] }), of, now)).toEqual([
      { id: patient, categories: [...of] },
      { id: helper, categories: [...of] },
    ]);
    const over = [acting({ state: 'ended', endedAt: before }), acting({ until: before })];
    expect(dueTo(sharing({ enrolled: false, representations: over }), of, now)).toEqual([]);
  });

  it('to a person or an institution that a consent names, of what it permits', () => {
    const ids = (consents: Sharing['consents']) =>
      dueTo(sharing({ enrolled: false, consents }), of, now).map(({ id, categories }) => [id, ...categories]);
    expect(ids([says(toPerson)])).toEqual([[doctor, 'results']]);
    // The staff have the institution's key and none of their own.
    expect(ids([says(toHospital)])).toEqual([[hospital, 'results']]);
    expect(ids([says({ kind: 'role', id: hospital, role: 'doctor' })])).toEqual([[hospital, 'results']]);
    expect(ids([says(toPerson), says(toHospital, { decision: 'deny' })])).toEqual([]);
    expect(ids([{ ...says(toPerson), state: 'revoked' }])).toEqual([]);
    expect(ids([says(toPerson, { until: before })])).toEqual([]);
  });

  it('to nobody who is suspended', () => {
    const suspended = grantees.map((grantee) => ({ ...grantee, active: false }));
    const named = sharing({ enrolled: false, consents: [says(toPerson)], grantees: suspended });
    expect(dueTo(named, of, now)).toEqual([]);
  });
});

describe('keys are overtaken', () => {
  const epochs = [
    { category: 'clinical' as const, epoch: 1, at: '2026-03-05T10:00:00Z' },
    { category: 'results' as const, epoch: 2, at: '2026-03-12T10:00:00Z' },
  ];

  it('by a representation that has ended since, by hand or by its day', () => {
    const ended = acting({ state: 'ended', endedAt: '2026-03-10T10:00:00Z' });
    expect(overtaken(sharing({ representations: [ended] }), epochs, now)).toEqual(['clinical']);
    const over = acting({ until: '2026-03-14T10:00:00Z' });
    expect(overtaken(sharing({ representations: [over] }), epochs, now)).toEqual(['clinical', 'results']);
    expect(overtaken(sharing({ representations: [acting()] }), epochs, now)).toEqual([]);
  });

  it('by a permission whose day has passed, where it opened them', () => {
    const until = '2026-03-14T10:00:00Z';
    expect(overtaken(sharing({ consents: [says(toPerson, { until })] }), epochs, now)).toEqual(['results']);
    const denial = says(toPerson, { until, decision: 'deny' });
    expect(overtaken(sharing({ consents: [denial] }), epochs, now)).toEqual([]);
    // Revoking it has renewed them already.
    const revoked = { ...says(toPerson, { until }), state: 'revoked' as const };
    expect(overtaken(sharing({ consents: [revoked] }), epochs, now)).toEqual([]);
  });
});

describe('keys are outgrown', () => {
  const epochs = [{ category: 'results' as const, epoch: 2, at: before }];
  const held = (reader: string, change: Partial<SeedHolder> = {}): SeedHolder => ({
    ...{ category: 'results', epoch: 2, reader, readerKeyHash: 'old' },
    ...change,
  });
  const present = () => 'new';

  it('by the next generation of an institution that holds the newest', () => {
    expect(outgrown(epochs, [held(hospital)], present)).toEqual(['results']);
    expect(outgrown(epochs, [held(hospital, { epoch: 1 })], present)).toEqual([]);
    expect(outgrown(epochs, [held(hospital, { readerKeyHash: 'new' })], present)).toEqual([]);
  });

  it('not by a person’s next key, nor by an institution that may read no longer', () => {
    expect(outgrown(epochs, [held(doctor)], present)).toEqual([]);
    expect(outgrown(epochs, [held(hospital)], () => undefined)).toEqual([]);
  });
});

describe('a key is lacking', () => {
  const due = [{ id: doctor, categories: ['results' as const] }];
  const epochs = [{ category: 'results' as const, epoch: 2, at: before }];
  const held = (change: Partial<SeedHolder> = {}): SeedHolder[] => [
    { category: 'results', epoch: 2, reader: doctor, readerKeyHash: 'present', ...change },
  ];
  const of = (holders: SeedHolder[], keyHash: string | undefined = 'present') =>
    lacking(due, epochs, holders, () => keyHash).length;

  it('unless the newest is held for the present reading key', () => {
    expect(of(held())).toBe(0);
    expect(of([])).toBe(1);
    expect(of(held({ epoch: 1 }))).toBe(1);
    expect(of(held({ readerKeyHash: 'former' }))).toBe(1);
    expect(of(held({ category: 'clinical' }))).toBe(1);
  });

  it('for nobody without a reading key, and of nothing that has no keys', () => {
    expect(lacking(due, epochs, [], () => undefined)).toEqual([]);
    expect(lacking(due, [], [], () => 'present')).toEqual([]);
  });
});

it('what does not fit in one transaction comes in the next, and nothing is lost or cut', () => {
  const due = [3, 3, 3].map((count, at) => ({
    id: `${at}`,
    categories: (['clinical', 'medication', 'results'] as const).slice(0, count),
  }));
  const { now: some, later } = fitting(due, 7);
  expect([some.length, later.length]).toEqual([2, 1]);
  expect([...some, ...later]).toEqual(due);
});
