import { and, eq, gte, inArray, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../gateways/db/database.ts';
import {
  traceContainers,
  traceEvents,
  traceFlows,
  tracePacks,
  traceProducts,
  traceShipments,
  traceSites,
} from '../gateways/db/schema/trace.ts';
import { historyBefore } from '../trace/alerts/unusualVolume.ts';
import { dayOf, type Fact, placeOf } from './fact.ts';
import { TraceState } from './state.ts';

/** `($1::text[])` as one parameter, however many there are. */
const list = (values: Iterable<string>): SQL => sql`${sql.param([...new Set(values)])}::text[]`;

/** Reads what the events of a channel name, as it is before them, in a handful of queries however many they are. */
export async function loadState(db: Database, channel: string, facts: readonly Fact[]): Promise<TraceState> {
  const state = new TraceState();
  const things = facts.flatMap(({ named }) => named.flatMap(({ thing }) => thing ?? []));
  await loadPlaces(db, state, facts);
  await loadRefused(db, state, channel, facts);
  if (things.length === 0) return state;
  await loadPacks(db, state, channel, facts);
  const ssccs = things.flatMap((thing) => (thing.kind === 'container' ? thing.sscc : []));
  const parents = [...state.packs.values()].flatMap(({ parent }) => parent ?? []);
  await loadContainers(db, state, channel, [...ssccs, ...parents]);
  await loadProducts(db, state, facts);
  await loadShipments(db, state, channel);
  await loadHistory(db, state, facts);
  return state;
}

async function loadPlaces(db: Database, state: TraceState, facts: readonly Fact[]): Promise<void> {
  const named = facts.flatMap((fact) => [placeOf(fact), fact.destination]).filter((gln) => gln !== null);
  await loadSites(db, state, named);
}

async function loadSites(db: Database, state: TraceState, glns: string[]): Promise<void> {
  const wanted = glns.filter((gln) => !state.sites.has(gln));
  if (wanted.length === 0) return;
  const rows = await db
    .select()
    .from(traceSites)
    .where(sql`${traceSites.gln} = any(${list(wanted)})`);
  for (const row of rows) state.sites.set(row.gln, row);
}

async function loadRefused(db: Database, state: TraceState, channel: string, facts: readonly Fact[]): Promise<void> {
  const rows = await db
    .select({ hash: traceEvents.hash })
    .from(traceEvents)
    .where(
      and(
        sql`${traceEvents.hash} = any(${list(facts.map(({ hash }) => hash))})`,
        eq(traceEvents.channel, channel),
        eq(traceEvents.outcome, 'refused'),
      ),
    );
  for (const { hash } of rows) state.refused.add(hash);
}

/** The packs that are named, and all that lie in containers that are emptied. */
async function loadPacks(db: Database, state: TraceState, channel: string, facts: readonly Fact[]): Promise<void> {
  const gtins: string[] = [];
  const serials: string[] = [];
  const emptied: string[] = [];
  for (const { named, step } of facts) {
    for (const { thing, role } of named) {
      if (thing?.kind === 'pack') {
        gtins.push(thing.gtin);
        serials.push(thing.serial);
      } else if (thing?.kind === 'container' && role === 'parent' && step === 'unpack') emptied.push(thing.sscc);
    }
  }
  const named = sql`(${tracePacks.gtin}, ${tracePacks.serial}) in
    (select * from unnest(${sql.param(gtins)}::text[], ${sql.param(serials)}::text[]))`;
  const inside = and(eq(tracePacks.channel, channel), sql`${tracePacks.parent} = any(${list(emptied)})`);
  const [byName, byParent] = [
    gtins.length === 0 ? [] : await db.select().from(tracePacks).where(named),
    emptied.length === 0 ? [] : await db.select().from(tracePacks).where(inside),
  ];
  for (const row of [...byName, ...byParent]) {
    if (!state.packs.has(`${row.gtin}/${row.serial}`)) state.take({ kind: 'pack', row });
  }
  await loadSites(
    db,
    state,
    [...state.packs.values()].flatMap(({ seenSite }) => seenSite ?? []),
  );
}

/** The containers that are named or around something, and with each all that share its outermost one. */
async function loadContainers(db: Database, state: TraceState, channel: string, ssccs: string[]): Promise<void> {
  if (ssccs.length === 0) return;
  const roots = db
    .selectDistinct({ root: traceContainers.root })
    .from(traceContainers)
    .where(and(eq(traceContainers.channel, channel), sql`${traceContainers.sscc} = any(${list(ssccs)})`));
  const rows = await db
    .select()
    .from(traceContainers)
    .where(and(eq(traceContainers.channel, channel), inArray(traceContainers.root, roots)));
  for (const row of rows) state.take({ kind: 'container', row });
  await loadSites(
    db,
    state,
    rows.flatMap(({ seenSite }) => seenSite ?? []),
  );
}

/** Storage limits matter only where a sensor has read something. */
async function loadProducts(db: Database, state: TraceState, facts: readonly Fact[]): Promise<void> {
  if (facts.every(({ celsius }) => celsius.length === 0)) return;
  const gtins = [
    ...[...state.containers.values()].flatMap(({ contents }) =>
      Object.keys(contents).flatMap((key) => key.split('|')[0] ?? []),
    ),
    ...facts.flatMap(({ named }) => named.flatMap(({ thing }) => (thing?.kind === 'pack' ? thing.gtin : []))),
  ];
  const rows = await db
    .select()
    .from(traceProducts)
    .where(sql`${traceProducts.gtin} = any(${list(gtins)})`);
  for (const row of rows) state.products.set(row.gtin, row);
}

async function loadShipments(db: Database, state: TraceState, channel: string): Promise<void> {
  const open = [...state.packs.values(), ...state.containers.values()].flatMap(({ shipment }) => shipment ?? []);
  if (open.length === 0) return;
  const rows = await db
    .select()
    .from(traceShipments)
    .where(and(eq(traceShipments.channel, channel), sql`${traceShipments.shipment} = any(${list(open)})`));
  for (const row of rows) state.shipments.set(row.shipment, row);
}

/** What was dispensed before at the places of the batch, as far back as the rule of unusual volumes looks. */
async function loadHistory(db: Database, state: TraceState, facts: readonly Fact[]): Promise<void> {
  const leaving = facts.filter(({ step }) => step === 'dispense' || step === 'decommission');
  const [earliest] = leaving.map(({ eventTime }) => dayOf(eventTime)).sort();
  const first = earliest === undefined ? undefined : historyBefore(earliest).at(-1);
  if (first === undefined) return;
  const pairs = new Map<string, [site: string, gtin: string]>();
  for (const fact of leaving) {
    for (const { thing } of fact.named) {
      if (thing?.kind !== 'pack') continue;
      const item = state.find(thing);
      const site = placeOf(fact) ?? (item && state.outermost(item).site) ?? '';
      pairs.set(`${site}|${thing.gtin}`, [site, thing.gtin]);
    }
  }
  const [sites, gtins] = [[...pairs.values()].map(([site]) => site), [...pairs.values()].map(([, gtin]) => gtin)];
  const rows = await db
    .select({ site: traceFlows.fromSite, gtin: traceFlows.gtin, day: traceFlows.day, packs: traceFlows.packs })
    .from(traceFlows)
    .where(
      and(
        eq(traceFlows.kind, 'dispense'),
        gte(traceFlows.day, first),
        sql`(${traceFlows.fromSite}, ${traceFlows.gtin}) in
          (select * from unnest(${sql.param(sites)}::text[], ${sql.param(gtins)}::text[]))`,
      ),
    );
  for (const { site, gtin, day, packs } of rows) state.history.add(site, gtin, day, packs);
}
