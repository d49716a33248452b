import { and, desc, eq, gte, lte, or, sum } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { traceFlows } from '../../gateways/db/schema/trace.ts';
import type { Actor } from '../../people/schema.ts';
import type { FlowFilter, FlowView } from '../schema.ts';
import { placesOf } from './places.ts';
import { ownPlaceOrProduct, scopeOf } from './scope.ts';

/** More than a picture shows. */
const mostFlows = 2_000;

/** Packs from place to place in days, the largest flows first, for a Sankey and a map. Throws FORBIDDEN. */
export async function flows(
  actor: Actor,
  { from, to, gtin, site }: FlowFilter,
  portal: Portal = thePortal(),
): Promise<FlowView> {
  const { db } = portal;
  const f = traceFlows;
  const packs = sum(f.packs).mapWith(Number);
  const rows = await db
    .select({ kind: f.kind, from: f.fromSite, to: f.toSite, packs })
    .from(f)
    .where(
      and(
        gte(f.day, from),
        lte(f.day, to),
        gtin === undefined ? undefined : eq(f.gtin, gtin),
        site === undefined ? undefined : or(eq(f.fromSite, site), eq(f.toSite, site)),
        ownPlaceOrProduct(db, scopeOf(actor), { gtin: f.gtin, sites: [f.fromSite, f.toSite] }),
      ),
    )
    .groupBy(f.kind, f.fromSite, f.toSite)
    .orderBy(desc(packs), f.kind, f.fromSite, f.toSite)
    .limit(mostFlows);
  const shown = rows.filter((row) => row.packs !== 0);
  const places = await placesOf(
    portal,
    shown.flatMap((row) => [row.from, row.to]),
  );
  return { flows: shown, places: [...places.values()] };
}
