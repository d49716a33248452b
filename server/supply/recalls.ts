import { and, eq, inArray, or, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { recallLevels } from '#chaincode/model/trace.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import {
  traceContainers,
  tracePacks,
  traceProducts,
  traceRecalls,
  traceSites,
  traceStock,
} from '../gateways/db/schema/trace.ts';
import type { Actor } from '../people/schema.ts';
import { readProduct } from '../registry/ledger.ts';
import { allowRecall } from '../trace/policy.ts';
import { institutionNames } from './names.ts';
import { ownHouse } from './policy.ts';
import type { RecallReach, RecallView, reachOf } from './schema.ts';

/** Packs in these states are in somebody's hands and can still do harm or good. */
const there = ['active', 'transit', 'quarantined'];

/** Recalls of what the actor's institution makes or has, those in force first, the newest first. */
export async function listRecalls(actor: Actor, portal: Portal = thePortal()): Promise<RecallView[]> {
  const house = ownHouse(actor);
  const { db } = portal;
  const [rows, stock, nameOf] = await Promise.all([
    db
      .select({ recall: traceRecalls, product: traceProducts.name, maker: traceProducts.maker })
      .from(traceRecalls)
      .leftJoin(traceProducts, eq(traceProducts.gtin, traceRecalls.gtin)),
    db
      .select({ row: traceStock, siteName: traceSites.name })
      .from(traceStock)
      .leftJoin(traceSites, eq(traceSites.gln, traceStock.site))
      .where(and(eq(traceStock.holder, house), inArray(traceStock.state, there), sql`${traceStock.packs} > 0`)),
    institutionNames(portal),
  ]);
  const views = rows.map(({ recall, product, maker }) => {
    const { id, gtin, channel, batches, serials, reason, level, startedAt, endedAt, party } = recall;
    const places = new Map<string, { site: string; siteName: string; packs: number }>();
    for (const { row, siteName } of stock) {
      if (row.gtin !== gtin || !(batches?.includes(row.batch) ?? true)) continue;
      const place = places.get(row.site) ?? { site: row.site, siteName: siteName ?? row.site, packs: 0 };
      place.packs += row.packs;
      places.set(row.site, place);
    }
    const view: RecallView & { mine: boolean } = {
      ...{ id, gtin, channel, product: product ?? gtin, maker: nameOf(maker ?? ''), reason, by: nameOf(party) },
      ...(batches && { batches }),
      ...(serials && { serials }),
      level: recallLevels.find((each) => each === level) ?? 'patient',
      startedAt: startedAt.toISOString(),
      ...(endedAt && { endedAt: endedAt.toISOString() }),
      here: [...places.values()],
      mayEnd: party === house && endedAt === null,
      mine: maker === house,
    };
    return view;
  });
  return views
    .filter(({ mine, here, endedAt }) => mine || (here.length > 0 && endedAt === undefined))
    .sort(
      (a, b) =>
        Number(a.endedAt !== undefined) - Number(b.endedAt !== undefined) || b.startedAt.localeCompare(a.startedAt),
    )
    .map(({ mine: _, ...view }) => view);
}

/** Where the packs are that a recall would stop, and how many patients have, before it is signed. */
export async function readReach(
  actor: Actor,
  { gtin, batches, serials }: z.output<typeof reachOf>,
  portal: Portal = thePortal(),
): Promise<RecallReach> {
  const product = await readProduct(portal.ledger, gtin, actor.mspId);
  allowRecall(actor, product, product.channel);
  const p = tracePacks;
  const c = traceContainers;
  // What lies in cases is where the outermost is; `root` names it, on the product's channel.
  const root = sql`(select r.holder || '|' || coalesce(r.site, '') from ${c} as c join ${c} as r on r.sscc = c.root and r.channel = c.channel where c.sscc = ${p.parent} and c.channel = ${p.channel})`;
  const place = sql<string>`coalesce(${root}, ${p.holder} || '|' || coalesce(${p.site}, ''))`;
  const ranges = serials?.map(
    ({ from, to }) => sql`(length(${p.serial}) = ${from.length} and ${p.serial} collate "C" between ${from} and ${to})`,
  );
  const rows = await portal.db
    .select({ place, state: p.state, packs: sql<number>`count(*)::int` })
    .from(p)
    .where(
      and(
        eq(p.gtin, gtin),
        batches === undefined ? undefined : inArray(p.batch, batches),
        ranges === undefined ? undefined : or(...ranges),
      ),
    )
    .groupBy(sql`1`, p.state);
  const [nameOf, sites] = await Promise.all([institutionNames(portal), portal.db.select().from(traceSites)]);
  const places = new Map<string, { holder: string; site: string; packs: number }>();
  let withPatients = 0;
  for (const { place: at, state, packs } of rows) {
    if (state === 'dispensed') withPatients += packs;
    if (!there.includes(state)) continue;
    const [holder = '', gln = ''] = at.split('|');
    const known = places.get(at) ?? {
      holder: nameOf(holder),
      site: sites.find((site) => site.gln === gln)?.name ?? gln,
      packs: 0,
    };
    known.packs += packs;
    places.set(at, known);
  }
  return { places: [...places.values()].sort((a, b) => b.packs - a.packs), withPatients };
}
