import { count, desc, gt, sql } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { ledgerEvents } from '../gateways/db/schema/ledger.ts';
import type { Actor } from '../people/schema.ts';
import { allowOversight } from './policy.ts';
import type { ChangeView, Overview } from './schema.ts';

const recentLength = 60;

/** Counts, the last hour and the newest changes over all channels. */
export async function overview(actor: Actor, portal: Portal = thePortal()): Promise<Overview> {
  allowOversight(actor);
  const minute = sql<string>`to_char(date_trunc('minute', ${ledgerEvents.at} at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
  const [counts, points, recent] = await Promise.all([
    portal.db
      .select({ channel: ledgerEvents.channel, function: ledgerEvents.change, count: count() })
      .from(ledgerEvents)
      .groupBy(ledgerEvents.channel, ledgerEvents.change)
      .orderBy(ledgerEvents.channel, ledgerEvents.change),
    portal.db
      .select({ channel: ledgerEvents.channel, at: minute, count: count() })
      .from(ledgerEvents)
      .where(gt(ledgerEvents.at, sql`now() - interval '1 hour'`))
      .groupBy(ledgerEvents.channel, sql`2`)
      .orderBy(ledgerEvents.channel, sql`2`),
    portal.db.select().from(ledgerEvents).orderBy(desc(ledgerEvents.at)).limit(recentLength),
  ]);
  const series = portal.ledger.channels().map((channel) => ({
    channel,
    minutes: points.filter((point) => point.channel === channel).map(({ at, count: total }) => ({ at, count: total })),
  }));
  return { counts, series, events: recent.map(viewOf) };
}

function viewOf(row: typeof ledgerEvents.$inferSelect): ChangeView {
  const { channel, blockNumber, transactionId, contract, change, state, at } = row;
  return { channel, blockNumber, transactionId, contract, function: change, state, at: at.toISOString() };
}
