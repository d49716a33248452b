import { and, desc, eq, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../../gateways/db/database.ts';
import { traceAlerts } from '../../gateways/db/schema/trace.ts';
import { traceTriage } from '../../gateways/db/schema/triage.ts';
import type { Actor } from '../../people/schema.ts';
import { type AlertPage, type AlertView, type alertFilter, type TriageState, triageStates } from '../schema.ts';
import { partyNames, placesOf, productNames, unknownPlace } from './places.ts';
import { ownProduct, type Scope, scopeOf } from './scope.ts';

/** The notice of an illegitimate product is due so long after a person determined that it is one (FD&C Act, 582(b)(4)(B)(ii)). */
export const noticeHours = 24;

/** An alert that nobody has looked at and that was put right by itself is not open. To be used beside a left join of triage. */
export const isOpen: SQL = sql`(${traceTriage.state} is null and ${traceAlerts.resolvedAt} is null
  or ${traceTriage.state} is not null and ${traceTriage.state} <> 'closed')`;

/** What an institution itself is told of: its products, and what it did. */
export function alertsInScope(db: Database, scope: Scope): SQL | undefined {
  if (scope === 'all') return undefined;
  return or(eq(traceAlerts.party, scope.institutionId), ownProduct(db, scope, traceAlerts.gtin));
}

/** When the notice is due; null unless it is to be given. */
export function noticeDueAt(state: string, determinedAt: Date | null): string | null {
  if (state !== 'illegitimate' || determinedAt === null) return null;
  return new Date(determinedAt.getTime() + noticeHours * 3_600_000).toISOString();
}

interface Row {
  alert: typeof traceAlerts.$inferSelect;
  triage: typeof traceTriage.$inferSelect | null;
}

/** Alerts of the reader's part, newest first, page by page. Throws FORBIDDEN, INVALID_INPUT. */
export async function listAlerts(
  actor: Actor,
  filter: z.output<typeof alertFilter>,
  portal: Portal = thePortal(),
): Promise<AlertPage> {
  const { db } = portal;
  const a = traceAlerts;
  const { state, rule, level, gtin, site, cursor, limit } = filter;
  const conditions = [
    state === undefined ? isOpen : stateIs(state),
    rule && eq(a.rule, rule),
    level && eq(a.level, level),
    gtin && eq(a.gtin, gtin),
    site && eq(a.site, site),
    cursor && beyond(cursor),
    alertsInScope(db, scopeOf(actor)),
  ];
  const rows = await db
    .select({ alert: a, triage: traceTriage })
    .from(a)
    .leftJoin(traceTriage, eq(traceTriage.alertId, a.id))
    .where(and(...conditions.filter((one) => typeof one === 'object')))
    .orderBy(desc(a.at), desc(a.id))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1)?.alert;
  const more = rows.length > limit && last !== undefined;
  return { alerts: await alertViews(portal, shown), cursor: more ? `${last.at.toISOString()}_${last.id}` : null };
}

function stateIs(state: TriageState): SQL {
  return state === 'new'
    ? sql`(${isNull(traceTriage.state)} and ${isNull(traceAlerts.resolvedAt)})`
    : eq(traceTriage.state, state);
}

function beyond(cursor: string): SQL | undefined {
  const [at = '', id = ''] = cursor.split('_');
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) throw new AppError('INVALID_INPUT', 'cursor');
  const a = traceAlerts;
  return or(lt(a.at, time), and(eq(a.at, time), lt(a.id, id), ne(a.id, id)));
}

/** As screens show them. */
export async function alertViews(portal: Pick<Portal, 'db'>, rows: Row[]): Promise<AlertView[]> {
  const alerts = rows.map(({ alert }) => alert);
  const [places, party, products] = await Promise.all([
    placesOf(
      portal,
      alerts.flatMap(({ site }) => site ?? []),
    ),
    partyNames(
      portal,
      alerts.map(({ party: id }) => id),
    ),
    productNames(
      portal,
      alerts.flatMap(({ gtin }) => gtin ?? []),
    ),
  ]);
  return rows.map(({ alert, triage }) => {
    const { id, rule, level, gtin, serial, batch, sscc, packs, facts, channel, block } = alert;
    const state = triageStates.find((known) => known === triage?.state) ?? 'new';
    return {
      ...{ id, rule, level, state, gtin, serial, batch, sscc, packs, facts, channel, block },
      at: alert.at.toISOString(),
      product: gtin === null ? null : (products.get(gtin) ?? null),
      site: alert.site === null ? null : (places.get(alert.site) ?? unknownPlace(alert.site)),
      party: party(alert.party),
      resolvedAt: alert.resolvedAt?.toISOString() ?? null,
      noticeDueAt: noticeDueAt(state, triage?.determinedAt ?? null),
      version: triage?.version ?? 0,
    };
  });
}
