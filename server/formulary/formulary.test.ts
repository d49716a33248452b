import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormularyEntry, FormularyTerms, Shortage } from '#chaincode/model/formulary.ts';
import { products } from '#formulary/products.ts';
import { AppError } from '#server/errors.ts';
import { institutions } from '../gateways/db/schema/people.ts';
import { traceBatches, traceFlows, traceStock } from '../gateways/db/schema/trace.ts';
import { type Actor, type Role, roles } from '../people/schema.ts';
import { dayOf } from '../supplyIndexer/fact.ts';
import { World } from '../testing/world.ts';
import { formularyHandlers } from './flows.ts';
import type { FormularyIntent } from './kinds.ts';
import { projectFormulary } from './readModel.ts';
import { entryVersions, managedFormulary, medicineStatuses, shortProducts } from './service.ts';

let world: World;
const hospital = 'inst-north-hospital';
const now = new Date();
const daysAgo = (days: number) => dayOf(new Date(now.getTime() - days * 86_400_000));

const [first, second] = products;
if (first === undefined || second === undefined) throw new Error('the formulary is empty');
const pack = (product: typeof first) => product.packs[0] ?? { gtin: '', size: 0 };

const entry = (scope: string, terms: FormularyTerms, version = 1): FormularyEntry => ({
  ...{ scope, state: 'inForce', by: `prac-${'d'.repeat(26)}`, at: now.toISOString(), version },
  ...terms,
});
const of = (role: Role, institutionId: string | null = hospital): Actor => ({
  ...{ personId: 'p', sessionId: 's', role, name: 'N', subjectId: `prac-${'d'.repeat(26)}`, institutionId },
  ...{ institutionName: null, mspId: 'HospitalMSP', enrolled: true },
});
const codeOf = async (work: () => Promise<unknown>) => {
  try {
    await work();
    return 'allowed';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};

beforeAll(async () => {
  world = await World.start();
  const { db } = world.portal;
  const houses = [
    { id: 'inst-river-pharmacy', kind: 'pharmacy', mspId: 'PharmacyMSP' },
    { id: 'inst-tablet-works', kind: 'manufacturer', mspId: 'SupplyMSP' },
  ];
  await db
    .insert(institutions)
    .values(houses.map((house) => ({ ...house, name: house.id })))
    .onConflictDoNothing();
  const stock = (gtin: string, holder: string, packs: number, state = 'active') => ({
    ...{ holder, site: '', gtin, batch: state, state, packs },
  });
  const batch = (gtin: string, name: string, expiry: string) => ({
    ...{ gtin, batch: name, channel: 'supply-0', expiry, packs: 9, madeAt: now },
  });
  await db
    .insert(traceBatches)
    .values([
      batch(pack(first).gtin, 'active', daysAgo(-90)),
      batch(pack(first).gtin, 'quarantined', daysAgo(-90)),
      batch(pack(second).gtin, 'active', daysAgo(1)),
    ]);
  await db.insert(traceStock).values([
    stock(pack(first).gtin, 'inst-river-pharmacy', 5),
    stock(pack(first).gtin, 'inst-river-pharmacy', 50, 'quarantined'),
    // What lies at its maker is not at hand.
    stock(pack(first).gtin, 'inst-tablet-works', 100),
    stock(pack(second).gtin, 'inst-river-pharmacy', 50),
  ]);
  const dispensed = (gtin: string, day: string, packs: number) => ({
    ...{ day, gtin, kind: 'dispense', fromSite: 'a', toSite: '', packs },
  });
  await db.insert(traceFlows).values([
    dispensed(pack(first).gtin, daysAgo(13), 3),
    dispensed(pack(first).gtin, daysAgo(0), 2),
    dispensed(pack(first).gtin, daysAgo(14), 90),
    // All that is there has expired.
    dispensed(pack(second).gtin, daysAgo(2), 1),
  ]);
}, 120_000);
afterAll(() => world?.stop());

describe('what is said of a medicine', () => {
  it('is short where less is usable than was dispensed in 14 days, and until packs come', async () => {
    const statuses = await medicineStatuses(of('doctor'), world.portal, now);
    expect(statuses[first.code]).toBeUndefined();
    expect(statuses[second.code]).toMatchObject({ tier: 'unlisted', shortage: { why: 'stock' } });
    await world.portal.db.insert(traceFlows).values({
      ...{ day: daysAgo(1), gtin: pack(first).gtin, kind: 'dispense', fromSite: 'b', toSite: '', packs: 1 },
    });
    const short = await shortProducts(of('regulator', null), world.portal, now);
    expect(short).toEqual(
      expect.arrayContaining([
        {
          ...{ product: first.code, byStock: true },
          ...{ usable: 5 * pack(first).size, dispensed: 6 * pack(first).size },
        },
      ]),
    );
  });

  it('has the tier of its group, the institution’s own conditions, and who is alike', async () => {
    const group = first.atc.slice(0, 5);
    const { db } = world.portal;
    await projectFormulary(db, {
      entries: [
        entry('national', { code: group, tier: 'tier2', group: 'Alike' }, 2),
        entry(hospital, { code: first.code, atc: first.atc, tier: 'tier4', restriction: 'Ask first' }),
      ],
      shortages: [],
    });
    // An older version comes late.
    await projectFormulary(db, { entries: [entry('national', { code: group, tier: 'tier1' }, 1)], shortages: [] });
    const here = (await medicineStatuses(of('doctor'), world.portal, now))[first.code];
    expect(here).toMatchObject({ tier: 'tier4', narrowed: true, group: 'Alike' });
    expect(here?.restrictions).toEqual([{ by: 'institution', words: 'Ask first' }]);
    const alike = products.filter(({ atc, code }) => atc.startsWith(group) && code !== first.code);
    expect(here?.generics).toEqual(alike.map(({ code }) => code));
    const elsewhere = (await medicineStatuses(of('pharmacist', 'inst-river-pharmacy'), world.portal, now))[first.code];
    expect(elsewhere).toMatchObject({ tier: 'tier2', narrowed: false, restrictions: [] });
  });

  it('is short where the authority says so, in its words, until it says otherwise', async () => {
    const shortage: Shortage = {
      ...{ product: first.code, reason: 'A plant stands still', until: '2030-01-31', state: 'declared' },
      ...{ by: `prac-${'d'.repeat(26)}`, at: now.toISOString(), version: 1 },
    };
    await projectFormulary(world.portal.db, { entries: [], shortages: [shortage] });
    const told = (await medicineStatuses(of('patient', null), world.portal, now))[first.code];
    expect(told?.shortage).toEqual({ why: 'declared', reason: 'A plant stands still', until: '2030-01-31' });
    await projectFormulary(world.portal.db, { entries: [], shortages: [{ ...shortage, state: 'ended', version: 2 }] });
    const after = (await medicineStatuses(of('patient', null), world.portal, now))[first.code];
    expect(after?.shortage).toEqual({ why: 'stock' });
  });
});

describe('who manages a list', () => {
  const put = (scope: string): FormularyIntent => ({
    kind: 'formulary:put',
    terms: { scope, entries: [{ code: 'C10AA', tier: 'tier2' }] },
  });
  const check = async (actor: Actor, intent: FormularyIntent) => {
    const { roles: may } = formularyHandlers[intent.kind];
    if (!may.includes(actor.role)) throw new AppError('FORBIDDEN', actor.role);
    switch (intent.kind) {
      case 'formulary:put':
        return formularyHandlers[intent.kind].check?.(world.portal, actor, intent, now);
      case 'formulary:withdraw':
        return formularyHandlers[intent.kind].check?.(world.portal, actor, intent, now);
      case 'formulary:declareShortage':
        return formularyHandlers[intent.kind].check?.(world.portal, actor, intent, now);
      case 'formulary:endShortage':
        return formularyHandlers[intent.kind].check?.(world.portal, actor, intent, now);
    }
  };

  it('is the authority for all, and an admin for the own institution', async () => {
    for (const role of roles) {
      const institution = role === 'regulator' ? 'inst-the-authority' : hospital;
      const actor = of(role, institution);
      const managed = await codeOf(() => managedFormulary(actor, world.portal));
      expect(managed, role).toBe(role === 'regulator' || role === 'admin' ? 'allowed' : 'FORBIDDEN');
      const answers = await Promise.all(
        [
          put('national'),
          put(hospital),
          put('inst-lake-hospital'),
          { kind: 'formulary:withdraw', scope: hospital, code: 'C10AA' } as const,
          { kind: 'formulary:declareShortage', shortage: { product: first.code, reason: 'None left' } } as const,
          { kind: 'formulary:endShortage', product: first.code } as const,
        ].map((intent) => codeOf(() => check(actor, intent))),
      );
      const [no, yes] = ['FORBIDDEN', 'allowed'];
      const expected: Partial<Record<Role, string[]>> = {
        regulator: [yes, no, no, no, yes, yes],
        admin: [no, yes, no, yes, no, no],
      };
      expect(answers, role).toEqual(expected[role] ?? [no, no, no, no, no, no]);
      const versions = await codeOf(() => entryVersions(actor, { scope: hospital, code: 'C10AA' }, world.portal));
      expect(versions, role).toBe(role === 'admin' ? 'NOT_FOUND' : 'FORBIDDEN');
      const figures = await codeOf(() => shortProducts(actor, world.portal, now));
      expect(figures, role).toBe(role === 'regulator' ? 'allowed' : 'FORBIDDEN');
    }
  });

  it('sees what it manages, and an institution what governs for all', async () => {
    const own = await managedFormulary(of('admin'), world.portal);
    expect(own).toMatchObject({ scope: hospital, entries: [{ code: first.code }], national: [{ tier: 'tier2' }] });
    expect(await managedFormulary(of('regulator', null), world.portal)).toMatchObject({
      ...{ scope: 'national', entries: [{ tier: 'tier2', version: 2 }], national: [] },
    });
  });
});
