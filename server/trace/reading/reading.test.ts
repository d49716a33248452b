import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { type Role, roles } from '../../people/schema.ts';
import { follow, type Readers, suppliedPortal } from '../../testing/suppliedPortal.ts';
import { depot, gtin, hill, hour, maker, river, serials, sscc } from '../../testing/suppliedWorld.ts';
import { blockOf, captureOf, dispense, gtinOf, packEpc, recallOf, sample } from '../../testing/supplyChain.ts';
import type { World } from '../../testing/world.ts';
import { alertFilter } from '../schema.ts';
import { listAlerts } from './alerts.ts';
import { dashboard } from './dashboard.ts';
import { flows } from './flow.ts';
import { overview } from './overview.ts';
import { listRecalls, recallCoverage } from './recalls.ts';
import { shortages, stock } from './stock.ts';
import { packStory } from './story.ts';
import { deleteView, listViews, saveView } from './views.ts';

let world: World;
let readers: Readers;

beforeAll(async () => {
  ({ world, readers } = await suppliedPortal());
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );
const days = { from: '2026-06-01', to: '2026-06-30' };
const serial = (at: number) => serials[at] ?? '';
const alertsOf = (reader: keyof Readers, filter = {}) =>
  listAlerts(readers[reader].actor, alertFilter.parse(filter), world.portal);

describe('who reads the supply chain', () => {
  const outside: Role[] = roles.filter((role) => !['regulator', 'supplier', 'pharmacist', 'admin'].includes(role));

  it.each(outside)('a %s does not', async (role) => {
    const actor = { ...readers.regulator.actor, role };
    const { portal } = world;
    const tried = [
      overview(actor, {}, portal),
      flows(actor, days, portal),
      stock(actor, {}, portal),
      shortages(actor, undefined, portal),
      listAlerts(actor, alertFilter.parse({}), portal),
      listRecalls(actor, undefined, portal),
      recallCoverage(actor, { id: `rcl-${'a'.repeat(26)}` }, portal),
      packStory(actor, { gtin, serial: serial(0) }, portal),
      listViews(actor, undefined, portal),
      dashboard(actor, days, portal),
    ];
    expect(await Promise.all(tried.map(code))).toEqual(tried.map(() => 'FORBIDDEN'));
  });

  it('holders read of what they hold or had, makers of their products', async () => {
    const { portal } = world;
    const held = async (reader: keyof Readers) => (await overview(readers[reader].actor, {}, portal)).packs;
    expect(await held('regulator')).toEqual(await held('river'));
    expect(await held('hill')).toEqual([]);
    expect((await flows(readers.depot.actor, days, portal)).flows.map(({ from, to }) => [from, to])).toEqual([
      [maker.site, depot.site],
      [depot.site, river.site],
    ]);
    expect((await flows(readers.maker.actor, days, portal)).flows).toHaveLength(5);
    expect((await stock(readers.hill.actor, {}, portal)).rows).toEqual([]);
    expect((await stock(readers.maker.actor, {}, portal)).rows).toHaveLength(1);
  });
});

describe('the overview', () => {
  it('counts packs by state, what was verified, and alerts', async () => {
    const seen = await overview(readers.regulator.actor, {}, world.portal);
    expect(Object.fromEntries(seen.packs.map(({ state, packs }) => [state, packs]))).toMatchObject({
      ...{ active: 5, quarantined: 2, dispensed: 2, destroyed: 1 },
    });
    expect(seen.alerts.reduce((sum, { open }) => sum + open, 0)).toBe(5);
    expect(seen.recallsActive).toBe(1);
  });

  it('counts those of one product and of one place', async () => {
    const of = async (filter: object) => {
      const { packs, alerts } = await overview(readers.regulator.actor, filter, world.portal);
      const sum = (list: { packs?: number; open?: number }[]) =>
        list.reduce((total, { packs = 0, open = 0 }) => total + packs + open, 0);
      return { packs: sum(packs), alerts: sum(alerts) };
    };
    expect(await of({ gtin: gtinOf(9) })).toEqual({ packs: 0, alerts: 0 });
    expect(await of({ gtin })).toMatchObject({ packs: 10 });
    const places = await Promise.all([maker, depot, river, hill].map(({ site }) => of({ site })));
    const all = await of({});
    expect(places.reduce((total, { packs }) => total + packs, 0)).toBe(all.packs);
    expect(places.reduce((total, { alerts }) => total + alerts, 0)).toBe(all.alerts);
    expect(places.map(({ packs }) => packs)).toEqual([0, 0, 10, 0]);
    expect(places.every(({ alerts }) => alerts < all.alerts)).toBe(true);
  });
});

describe('the first screen', () => {
  it('shows all of its parts, narrowed to what is asked for', async () => {
    const { actor } = readers.regulator;
    const { portal } = world;
    const all = await dashboard(actor, days, portal);
    expect(all.overview).toEqual(await overview(actor, {}, portal));
    expect(all.flows).toEqual(await flows(actor, days, portal));
    expect(all.stock).toEqual(await stock(actor, {}, portal));
    expect(all.shortages).toEqual(await shortages(actor, undefined, portal));
    expect(all.alerts).toHaveLength(5);
    expect(all.recalls.map(({ packs }) => packs.covered)).toEqual([10]);
    const of = async (filter: object) => dashboard(actor, { ...days, ...filter }, portal);
    const other = await of({ gtin: gtinOf(9) });
    expect([other.stock.rows, other.shortages, other.alerts, other.recalls]).toEqual([[], [], [], []]);
    const here = await of({ gtin, site: river.site });
    expect(here.stock.rows.map(({ site }) => site)).toEqual([river.site]);
    expect((await of({ site: hill.site })).stock.rows).toEqual([]);
    expect(here.recalls).toHaveLength(1);
    // To choose another from.
    expect(other.stock.places).toEqual(all.stock.places);
    expect(other.stock.products).toEqual(all.stock.products);
  });
});

describe('flows', () => {
  it('are filtered by days, product and place', async () => {
    const all = await flows(readers.regulator.actor, days, world.portal);
    expect(all.flows[0]).toMatchObject({ kind: 'make', from: '', to: maker.site, packs: 10 });
    expect(all.places.find(({ gln }) => gln === depot.site)?.institution.name).toBe('Central Depot');
    const of = async (filter: object) =>
      (await flows(readers.regulator.actor, { ...days, ...filter }, world.portal)).flows.length;
    expect(await of({ site: maker.site })).toBe(2);
    expect(await of({ gtin: gtinOf(9) })).toBe(0);
    expect(await of({ from: '2026-06-29' })).toBe(0);
  });
});

describe('alerts', () => {
  it('come newest first, page by page, each once', async () => {
    const first = await alertsOf('regulator', { limit: 2 });
    const second = await alertsOf('regulator', { limit: 2, cursor: first.cursor ?? '' });
    const third = await alertsOf('regulator', { limit: 2, cursor: second.cursor ?? '' });
    const all = [first, second, third].flatMap(({ alerts }) => alerts);
    expect(third.cursor).toBeNull();
    expect(new Set(all.map(({ id }) => id)).size).toBe(5);
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    expect(all[0]).toMatchObject({ rule: 'expiredOrRecalled', product: 'Insulin glargine', state: 'new', version: 0 });
  });

  it('are filtered, and shown to whom they concern', async () => {
    expect((await alertsOf('regulator', { rule: 'duplicateSerial' })).alerts).toHaveLength(1);
    expect((await alertsOf('regulator', { site: hill.site })).alerts).toHaveLength(3);
    expect((await alertsOf('regulator', { state: 'closed' })).alerts).toEqual([]);
    expect((await alertsOf('hill')).alerts).toHaveLength(3);
    expect((await alertsOf('depot')).alerts.map(({ rule }) => rule)).toEqual(['excursion']);
    expect(await code(alertsOf('regulator', { cursor: 'nonsense' }))).toBe('INVALID_INPUT');
  });
});

describe('a recall', () => {
  it('shows what has become of its packs at each place', async () => {
    const [recall] = await listRecalls(readers.river.actor, undefined, world.portal);
    const seen = await recallCoverage(readers.regulator.actor, { id: recall?.id ?? '' }, world.portal);
    expect(seen.packs).toEqual({ covered: 10, secured: 3, waiting: 5, dispensed: 2, unaccounted: 0 });
    expect(seen.sites).toHaveLength(1);
    expect(await code(recallCoverage(readers.hill.actor, { id: recall?.id ?? '' }, world.portal))).toBe('NOT_FOUND');
    expect(await listRecalls(readers.hill.actor, undefined, world.portal)).toEqual([]);
  });

  it('of serials counts the packs themselves, and names those that nobody answers for', async () => {
    const id = `rcl-${'b'.repeat(26)}`;
    const [, , , , , , , , ninth = ''] = serials.map((one) => packEpc(gtin, one));
    await follow(world, [
      blockOf(
        10,
        recallOf(maker.id, hour(100), {
          ...{ id, gtin, serials: [{ from: 'S0004', to: 'S0009' }], reason: 'label', level: 'wholesale' },
        }),
        captureOf(river.id, hour(101), [
          sample.object(hour(101), river.site, [ninth], 'inspecting', { disposition: 'stolen' }),
        ]),
      ),
    ]);
    const seen = await recallCoverage(readers.maker.actor, { id }, world.portal);
    expect(seen.packs).toEqual({ covered: 6, secured: 2, waiting: 3, dispensed: 0, unaccounted: 1 });
    expect(seen.unaccounted).toEqual([{ gtin, serial: 'S0009', batch: 'B1', holder: river.id, state: 'stolen' }]);
  });
});

describe('the story of a pack', () => {
  it('has what happened to it and to the containers that it was in, in order', async () => {
    const story = await packStory(readers.regulator.actor, { gtin, serial: serial(0) }, world.portal);
    expect(
      story.events.map(({ bizStep, outcome, through }) => [bizStep, outcome, through?.slice(-18) ?? null]),
    ).toEqual([
      ['commissioning', 'accepted', null],
      ['packing', 'accepted', null],
      ['packing', 'accepted', sscc.case],
      ['shipping', 'accepted', sscc.pallet],
      ['receiving', 'accepted', sscc.pallet],
      ['unpacking', 'accepted', sscc.pallet],
      ['shipping', 'accepted', sscc.case],
      ['transporting', 'accepted', sscc.case],
      ['receiving', 'accepted', sscc.case],
      ['unpacking', 'accepted', null],
      ['dispensing', 'accepted', null],
      ['dispensing', 'refused', null],
    ]);
    expect(story.pack).toMatchObject({ state: 'dispensed', batch: 'B1', excursions: 1, containers: [] });
    expect(story.product?.maker.name).toBe('Nordvita');
    expect(story.events[3]).toMatchObject({ block: 2, destination: { name: 'Central Depot' } });
    expect(story.recalls.map(({ level }) => level)).toEqual(['retail']);
    expect(story.alerts.map(({ rule }) => rule)).toEqual(['excursion', 'duplicateSerial', 'impossibleTravel']);
  });

  it('ends where the pack was taken out: what happens to the case afterwards is not its own', async () => {
    const steps = async (at: number) =>
      (await packStory(readers.maker.actor, { gtin, serial: serial(at) }, world.portal)).events.map(
        ({ bizStep }) => bizStep,
      );
    expect((await steps(9)).at(-1)).toBe('receiving');
    expect(await steps(3)).toContain('holding');
    expect(await steps(3)).not.toContain('dispensing');
  });

  it('shows the alerts that its reader is told of', async () => {
    const rules = async (reader: keyof Readers) =>
      (await packStory(readers[reader].actor, { gtin, serial: serial(0) }, world.portal)).alerts.map(
        ({ rule }) => rule,
      );
    expect(await rules('maker')).toEqual(['excursion', 'duplicateSerial', 'impossibleTravel']);
    expect(await rules('depot')).toEqual(['excursion']);
    expect(await rules('river')).toEqual([]);
  });

  it('is told of a pack that is in a container still', async () => {
    const { pack } = await packStory(readers.depot.actor, { gtin, serial: serial(9) }, world.portal);
    expect(pack).toMatchObject({
      containers: [sscc.case],
      holder: { id: river.id },
      place: { gln: river.site },
      excursions: 1,
    });
  });

  it('is told of a number that nobody commissioned, where somebody tried it', async () => {
    const copy = packEpc(gtin, 'COPY');
    await follow(world, [
      blockOf(
        11,
        captureOf(hill.id, hour(110), [
          [dispense(hour(110), hill.site, [copy]), { outcome: 'refused', code: 'NOT_FOUND' }],
        ]),
      ),
    ]);
    const story = await packStory(readers.regulator.actor, { gtin, serial: 'COPY' }, world.portal);
    expect(story).toMatchObject({ pack: null, events: [{ outcome: 'refused', code: 'NOT_FOUND' }] });
    expect(await code(packStory(readers.regulator.actor, { gtin, serial: 'NONE' }, world.portal))).toBe('NOT_FOUND');
  });

  it('is not for who had nothing to do with it', async () => {
    expect(await code(packStory(readers.hill.actor, { gtin, serial: serial(9) }, world.portal))).toBe('NOT_FOUND');
    // It only tried to sell a copy of this one.
    expect(await code(packStory(readers.hill.actor, { gtin, serial: serial(0) }, world.portal))).toBe('NOT_FOUND');
    expect(await code(packStory(readers.river.actor, { gtin, serial: serial(0) }, world.portal))).toBeUndefined();
    expect(await code(packStory(readers.maker.actor, { gtin, serial: serial(9) }, world.portal))).toBeUndefined();
  });
});

describe('stock and shortages', () => {
  it('tell the days that packs last at the pace of the last days', async () => {
    const other = gtinOf(2);
    const epcs = Array.from({ length: 40 }, (_, index) => packEpc(other, `T${index}`));
    const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
    await follow(world, [
      blockOf(
        12,
        captureOf(hill.id, ago(30), [
          sample.commission(ago(30), hill.site, epcs.slice(0, 30), 'C1', '2099-06-30'),
          sample.commission(ago(30), hill.site, epcs.slice(30), 'C0', '2020-06-30'),
        ]),
        captureOf(hill.id, ago(3), [dispense(ago(3), hill.site, epcs.slice(0, 14))]),
        captureOf(hill.id, ago(10), [dispense(ago(10), hill.site, epcs.slice(14, 16))]),
        captureOf(hill.id, ago(5), [
          sample.commission(ago(30), hill.site, [packEpc(gtinOf(3), 'G1')], 'D1', '2099-06-30'),
          dispense(ago(5), hill.site, [packEpc(gtinOf(3), 'G1')]),
        ]),
      ),
    ]);
    const { rows } = await stock(readers.hill.actor, { gtin: other }, world.portal);
    // 16 packs in 28 days are 0.6 a day, 14 in the last 7 are 2: the greater counts.
    expect(rows).toEqual([
      {
        ...{ holder: hill.id, site: hill.site, gtin: other, usable: 14, transit: 0, quarantined: 0 },
        ...{ expired: 10, expiring: 0, daily: 2, daysLeft: 7 },
      },
    ]);
    const [gone, first] = await shortages(readers.regulator.actor, undefined, world.portal);
    // The last pack has left: nothing of it is in stock anywhere.
    expect(gone).toMatchObject({ gtin: gtinOf(3), usable: 0, daysLeft: 0, placesShort: 1, places: 1 });
    expect(first).toMatchObject({ gtin: other, daysLeft: 7, placesShort: 1, places: 1 });
    const at = async (site: string) => {
      const { shortages: short, recalls } = await dashboard(readers.regulator.actor, { ...days, site }, world.portal);
      return { short: short.map(({ gtin: of }) => of), recalls: recalls.length };
    };
    expect(await at(hill.site)).toEqual({ short: [gtinOf(3), other], recalls: 0 });
    expect(await at(river.site)).toEqual({ short: [gtin], recalls: 2 });
    const verified = async (filter: object) =>
      (await overview(readers.hill.actor, filter, world.portal)).verified.accepted;
    expect(await verified({})).toBe(17);
    expect(await verified({ gtin: other, site: hill.site })).toBe(16);
    expect(await verified({ gtin })).toBe(0);
    expect(await verified({ site: river.site })).toBe(0);
  });
});

describe('views', () => {
  it('are kept under a name by each person', async () => {
    const { portal } = world;
    const view = { page: 'regulator/supply', name: 'North', query: 'from=2026-06-01' };
    await saveView(readers.regulator.actor, view, portal);
    await saveView(readers.regulator.actor, { ...view, query: 'from=2026-06-02' }, portal);
    expect(await listViews(readers.regulator.actor, undefined, portal)).toEqual([
      { ...view, query: 'from=2026-06-02' },
    ]);
    expect(await listViews(readers.river.actor, undefined, portal)).toEqual([]);
    await deleteView(readers.river.actor, view, portal);
    expect(await listViews(readers.regulator.actor, undefined, portal)).toHaveLength(1);
    await deleteView(readers.regulator.actor, view, portal);
    expect(await listViews(readers.regulator.actor, undefined, portal)).toEqual([]);
  });
});
