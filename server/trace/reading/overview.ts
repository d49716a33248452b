import { and, asc, count, eq, gte, inArray, isNotNull, isNull, or, sql, sum } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import {
  traceAlerts,
  traceFlows,
  traceRecalls,
  traceSteps,
  traceStock,
  traceTotals,
} from '../../gateways/db/schema/trace.ts';
import { traceTriage } from '../../gateways/db/schema/triage.ts';
import type { Actor } from '../../people/schema.ts';
import { dayOf } from '../../supplyIndexer/fact.ts';
import type { StockFilter, SupplyOverview } from '../schema.ts';
import { alertsInScope, isOpen, noticeDueAt } from './alerts.ts';
import { ownPlaceOrProduct, ownProduct, type Scope, scopeOf } from './scope.ts';

const dayMs = 86_400_000;
export const daysAgo = (days: number): string => dayOf(new Date(Date.now() - days * dayMs));

/**
 * Figures of the reader's part of the supply chain, of one product and of one place where the filter names them; each is a sum that
 * the projection keeps. Notices and recalls are told whatever place is looked at. Throws FORBIDDEN.
 */
export async function overview(
  actor: Actor,
  filter: StockFilter,
  portal: Portal = thePortal(),
): Promise<SupplyOverview> {
  const scope = scopeOf(actor);
  const { gtin } = filter;
  const r = traceRecalls;
  const inForce = [isNull(r.endedAt), gtin === undefined ? undefined : eq(r.gtin, gtin)];
  const [packs, days, verified, alerts, due, recallsActive] = await Promise.all([
    packsByState(portal, scope, filter),
    flowsByDay(portal, scope, filter),
    verifiedOf(portal, scope, filter),
    openByLevel(portal, scope, filter),
    scope === 'all' ? noticesDue(portal) : [],
    portal.db.$count(r, and(...inForce, ownProduct(portal.db, scope, r.gtin))),
  ]);
  return { packs, days, verified, alerts, noticesDue: due, recallsActive };
}

async function packsByState(
  { db }: Portal,
  scope: Scope,
  { gtin, site }: StockFilter,
): Promise<SupplyOverview['packs']> {
  const total = (column: typeof traceTotals.packs | typeof traceStock.packs) => sum(column).mapWith(Number);
  if (scope === 'all' && site === undefined) {
    const t = traceTotals;
    return db
      .select({ state: t.state, packs: total(t.packs) })
      .from(t)
      .where(gtin === undefined ? undefined : eq(t.gtin, gtin))
      .groupBy(t.state)
      .having(sql`sum(${t.packs}) <> 0`)
      .orderBy(t.state);
  }
  const s = traceStock;
  return db
    .select({ state: s.state, packs: total(s.packs) })
    .from(s)
    .where(
      and(
        scope === 'all' ? undefined : eq(s.holder, scope.institutionId),
        gtin === undefined ? undefined : eq(s.gtin, gtin),
        site === undefined ? undefined : eq(s.site, site),
      ),
    )
    .groupBy(s.state)
    .orderBy(s.state);
}

async function flowsByDay({ db }: Portal, scope: Scope, { gtin, site }: StockFilter): Promise<SupplyOverview['days']> {
  const f = traceFlows;
  const of = (kind: string) =>
    sql<number>`coalesce(sum(${f.packs}) filter (where ${f.kind} = ${kind}), 0)`.mapWith(Number);
  const days = { day: f.day, made: of('make'), moved: of('move'), dispensed: of('dispense'), lost: of('lose') };
  return db
    .select(days)
    .from(f)
    .where(
      and(
        gte(f.day, daysAgo(60)),
        gtin === undefined ? undefined : eq(f.gtin, gtin),
        site === undefined ? undefined : or(eq(f.fromSite, site), eq(f.toSite, site)),
        ownPlaceOrProduct(db, scope, { gtin: f.gtin, sites: [f.fromSite, f.toSite] }),
      ),
    )
    .groupBy(f.day)
    .orderBy(f.day);
}

/** The verification that comes with taking a pack out of stock. */
async function verifiedOf(
  { db }: Portal,
  scope: Scope,
  { gtin, site }: StockFilter,
): Promise<SupplyOverview['verified']> {
  const s = traceSteps;
  const of = (outcome: string, later: boolean) => {
    const when = later ? sql`${s.day} > ${daysAgo(30)}` : sql`${s.day} <= ${daysAgo(30)}`;
    return sql<number>`coalesce(sum(${s.packs}) filter (where ${s.outcome} = ${outcome} and ${when}), 0)`.mapWith(
      Number,
    );
  };
  const [row] = await db
    .select({
      ...{ accepted: of('accepted', true), refused: of('refused', true) },
      ...{ acceptedBefore: of('accepted', false), refusedBefore: of('refused', false) },
    })
    .from(s)
    .where(
      and(
        gte(s.day, daysAgo(60)),
        inArray(s.step, ['dispense', 'decommission']),
        gtin === undefined ? undefined : eq(s.gtin, gtin),
        site === undefined ? undefined : eq(s.site, site),
        ownPlaceOrProduct(db, scope, { gtin: s.gtin, sites: [s.site] }),
      ),
    );
  return row ?? { accepted: 0, refused: 0, acceptedBefore: 0, refusedBefore: 0 };
}

async function openByLevel(
  { db }: Portal,
  scope: Scope,
  { gtin, site }: StockFilter,
): Promise<SupplyOverview['alerts']> {
  const a = traceAlerts;
  const ofFilter = [
    gtin === undefined ? undefined : eq(a.gtin, gtin),
    site === undefined ? undefined : eq(a.site, site),
  ];
  return db
    .select({ level: a.level, open: count() })
    .from(a)
    .leftJoin(traceTriage, eq(traceTriage.alertId, a.id))
    .where(and(isOpen, ...ofFilter, alertsInScope(db, scope)))
    .groupBy(a.level);
}

async function noticesDue({ db }: Portal): Promise<string[]> {
  const rows = await db
    .select({ determinedAt: traceTriage.determinedAt })
    .from(traceTriage)
    .where(and(isNotNull(traceTriage.determinedAt), eq(traceTriage.state, 'illegitimate')))
    .orderBy(asc(traceTriage.determinedAt));
  return rows.flatMap(({ determinedAt }) => noticeDueAt('illegitimate', determinedAt) ?? []);
}
