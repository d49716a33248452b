import { count, desc, gt, sql } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { checkpoints, ledgerEvents } from '../gateways/db/schema/ledger.ts';
import type { Actor } from '../people/schema.ts';
import { allowOversight } from './policy.ts';
import type { ChangeView, ChannelHealth, Overview } from './schema.ts';

const recentLength = 60;
/** Without a heartbeat for this long, nobody follows a channel. */
export const silentMs = 15_000;

/** Counts, the last hour and the newest changes over all channels. */
export async function overview(actor: Actor, portal: Portal = thePortal()): Promise<Overview> {
  allowOversight(actor);
  const minute = sql<string>`to_char(date_trunc('minute', ${ledgerEvents.at} at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
  const [counts, series, recent] = await Promise.all([
    portal.db
      .select({ channel: ledgerEvents.channel, change: ledgerEvents.change, count: count() })
      .from(ledgerEvents)
      .groupBy(ledgerEvents.channel, ledgerEvents.change)
      .orderBy(ledgerEvents.channel, ledgerEvents.change),
    portal.db
      .select({ channel: ledgerEvents.channel, minute, change: ledgerEvents.change, count: count() })
      .from(ledgerEvents)
      .where(gt(ledgerEvents.at, sql`now() - interval '1 hour'`))
      .groupBy(ledgerEvents.channel, sql`2`, ledgerEvents.change)
      .orderBy(sql`2`),
    portal.db.select().from(ledgerEvents).orderBy(desc(ledgerEvents.at)).limit(recentLength),
  ]);
  return { counts, series, recent: recent.map(viewOf) };
}

function viewOf({ subject: _, at, ...row }: typeof ledgerEvents.$inferSelect): ChangeView {
  return { ...row, at: at.toISOString() };
}

/** Height, rate and lag of every channel. */
export async function ledgerHealth(actor: Actor, portal: Portal = thePortal()): Promise<ChannelHealth[]> {
  allowOversight(actor);
  return channelHealth(portal);
}

/** Height, rate and lag of every channel; for the health endpoints, which tell no more than the state. */
export async function channelHealth(portal: Portal): Promise<ChannelHealth[]> {
  const [rows, rates] = await Promise.all([
    portal.db.select().from(checkpoints),
    portal.db
      .select({ channel: ledgerEvents.channel, count: count() })
      .from(ledgerEvents)
      .where(gt(ledgerEvents.at, sql`now() - interval '1 minute'`))
      .groupBy(ledgerEvents.channel),
  ]);
  return portal.ledger.channels().map((channel) => {
    const row = rows.find((candidate) => candidate.channel === channel);
    const fresh = row !== undefined && Date.now() - row.heartbeatAt.getTime() < silentMs;
    return {
      channel,
      kind: portal.ledger.kindOf(channel),
      state: fresh && row.following ? 'up' : 'down',
      height: row?.nextBlock ?? 0,
      transactions: row?.transactions ?? 0,
      invalid: row?.invalid ?? 0,
      perMinute: rates.find((rate) => rate.channel === channel)?.count ?? 0,
      lagMs: row?.lagMs ?? 0,
    };
  });
}
