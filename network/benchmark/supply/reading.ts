import { setImmediate } from 'node:timers/promises';
import { checkpoints } from '#server/gateways/db/schema/ledger.ts';
import { institutions } from '#server/gateways/db/schema/people.ts';
import { traceEvents } from '#server/gateways/db/schema/trace.ts';
import { dayOf } from '#server/supplyIndexer/fact.ts';
import { rebuildProjections } from '#server/supplyIndexer/rebuild.ts';
import type { World } from '#server/testing/world.ts';
import { dashboard } from '#server/trace/reading/dashboard.ts';
import { packStory } from '#server/trace/reading/story.ts';
import type { FlowFilter } from '#server/trace/schema.ts';
import type { Progress } from '../../step.ts';
import { processUse, withDescendants } from '../processTimes.ts';
import { percentile, round } from '../statistics.ts';
import { blocksOf, channels, eventsOfCase, pharmacies, places, products, registryBlock, serialOf } from './chain.ts';

export interface ReadingFigures {
  events: number;
  rebuildEventsPerSecond: number;
  dashboardP50Ms: number;
  dashboardP95Ms: number;
  storyP50Ms: number;
  storyP95Ms: number;
  /** Most memory of this process while it followed, and of PostgreSQL's processes afterwards (shared pages counted in each). */
  followerPeakMb: number;
  postgresRssMb: number;
  databaseMb: number;
}

/** Follows generated blocks from 0, then reads what the authority's pages read. */
export async function measureReading(
  world: World,
  progress: Progress,
  { events, rounds }: { events: number; rounds: number },
): Promise<ReadingFigures> {
  const { portal } = world;
  const cases = Math.ceil(events / eventsOfCase / channels.length);
  const chainOf = (channel: string) => (channel === 'registry' ? [registryBlock()] : blocksOf(channel, cases));
  const heights = await progress.step('Blocks, to be counted', async () =>
    ['registry', ...channels].map((channel) => {
      let height = 0;
      for (const _ of chainOf(channel)) height += 1;
      return { channel, nextBlock: height };
    }),
  );
  await portal.db.insert(checkpoints).values(heights);
  await portal.db
    .insert(institutions)
    .values(places.map(({ id }) => ({ id, kind: 'distributor', name: id, mspId: 'SupplyMSP' })));
  for (const product of products)
    world.ledger.registry.products.set(product.gtin, {
      ...{ ...product, prefixLength: 7, mapVersion: 1, storage: { minCelsius: 2, maxCelsius: 25 } },
    });
  for (const { id, gln, latitude, longitude } of places)
    world.ledger.registry.sites.set(gln, { gln, institutionId: id, name: id, latitude, longitude, version: 1 });
  const ledger = {
    channels: () => ['registry', ...channels],
    kindOf: (channel: string) => (channel === 'registry' ? ('registry' as const) : ('supply' as const)),
    evaluate: world.ledger.evaluate.bind(world.ledger),
    async *followBlocks(channel: string, next: bigint) {
      for (const block of chainOf(channel)) {
        // As from a peer, something else may be done between two blocks.
        await setImmediate();
        if (block.number >= next) yield block;
      }
    },
  };
  const made = await progress.step(`About ${events} events from block 0`, (note) =>
    rebuildProjections({ ledger, settings: portal.settings }, { progress: note }),
  );
  const followerPeakMb = process.resourceUsage().maxRSS / 1024;
  const { actor } = await world.person('regulator', 'inst-the-authority');
  const filters = filtersOf(Date.now());
  let asked = 0;
  const screen = await progress.step(`The dashboard, ${rounds} times with each filter`, () =>
    times(rounds * filters.length, () => dashboard(actor, filters[asked++ % filters.length] ?? allOf(30), portal)),
  );
  const packs = await world.portal.db.execute<{ gtin: string; serial: string }>(
    `select gtin, serial from trace_pack tablesample bernoulli (5) limit ${rounds * 3}`,
  );
  const known = packs.rows;
  let at = 0;
  const story = await progress.step(`Stories of ${known.length} packs`, () =>
    times(known.length - 3, () => {
      const pack = known[at++ % known.length] ?? { gtin: products[0]?.gtin ?? '', serial: serialOf(0, 0) };
      return packStory(actor, pack, portal);
    }),
  );
  const size = await portal.db.execute<{ mb: number }>(
    'select (pg_database_size(current_database()) / 1048576)::int as mb',
  );
  return {
    events: await portal.db.$count(traceEvents),
    rebuildEventsPerSecond: Math.round(made.events / made.seconds),
    ...{ dashboardP50Ms: round(percentile(screen, 0.5)), dashboardP95Ms: round(percentile(screen, 0.95)) },
    ...{ storyP50Ms: round(percentile(story, 0.5)), storyP95Ms: round(percentile(story, 0.95)) },
    followerPeakMb: Math.round(followerPeakMb),
    postgresRssMb: Math.round(await descendantsMb()),
    databaseMb: size.rows[0]?.mb ?? 0,
  };
}

/** The days up to today, as the page has them. */
function allOf(days: number, now = Date.now()): FlowFilter {
  return { from: dayOf(new Date(now - (days - 1) * 86_400_000)), to: dayOf(new Date(now)) };
}

/** What the page can be narrowed to: each of its spans of days, a product, a place, and both. */
function filtersOf(now: number): FlowFilter[] {
  const [month, gtin, site] = [allOf(30, now), products[0]?.gtin, pharmacies[0]?.gln];
  const narrowed = [{ gtin }, { site }, { gtin, site }].map((some) => ({ ...month, ...some }));
  return [allOf(7, now), month, allOf(90, now), ...narrowed];
}

/** Milliseconds of each round; three before them warm up what is read first. */
async function times(rounds: number, work: () => Promise<unknown>): Promise<number[]> {
  const measured: number[] = [];
  for (let done = -3; done < rounds; done += 1) {
    const started = performance.now();
    await work();
    if (done >= 0) measured.push(performance.now() - started);
  }
  return measured;
}

async function descendantsMb(): Promise<number> {
  const pids = (await withDescendants(process.pid)).filter((pid) => pid !== process.pid);
  const used = await Promise.all(pids.map(processUse));
  return used.reduce((total, one) => total + (one?.rssBytes ?? 0), 0) / 1_048_576;
}
