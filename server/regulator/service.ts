import { count, desc, gt, max, sql } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { checkpoints, ledgerEvents } from '../gateways/db/schema/ledger.ts';
import { sagas } from '../gateways/db/schema/sagas.ts';
import type { Actor } from '../people/schema.ts';
import { allowOversight } from './policy.ts';
import type { ChangeView, ChannelHealth, Overview } from './schema.ts';

const recentLength = 60;
/** Without a heartbeat for this long, nobody follows a channel. */
const silentMs = 15_000;

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

/** Height, rate and lag of every channel. */
export async function ledgerHealth(actor: Actor, portal: Portal = thePortal()): Promise<ChannelHealth[]> {
  allowOversight(actor);
  return channelHealth(portal);
}

/** Height, rate and lag of every channel. It authorises nobody: its callers tell no more than a state, or have asked. */
export async function channelHealth(portal: Portal): Promise<ChannelHealth[]> {
  const [rows, rates, submitted] = await Promise.all([
    portal.db.select().from(checkpoints),
    portal.db
      .select({ channel: ledgerEvents.channel, count: count() })
      .from(ledgerEvents)
      .where(gt(ledgerEvents.at, sql`now() - interval '1 minute'`))
      .groupBy(ledgerEvents.channel),
    portal.db
      .select({ channel: sagas.channel, block: max(sagas.blockNumber) })
      .from(sagas)
      .groupBy(sagas.channel),
  ]);
  return portal.ledger.channels().map((channel) => {
    const row = rows.find((candidate) => candidate.channel === channel);
    const fresh = row !== undefined && Date.now() - row.heartbeatAt.getTime() < silentMs;
    const height = row?.nextBlock ?? 0;
    const committed = submitted.find((candidate) => candidate.channel === channel)?.block;
    return {
      channel,
      kind: portal.ledger.kindOf(channel),
      answering: fresh && row.following,
      height,
      transactions: row?.transactions ?? 0,
      invalid: row?.invalid ?? 0,
      rate: rates.find((rate) => rate.channel === channel)?.count ?? 0,
      lag: Math.max(0, Number(committed ?? -1) + 1 - height),
      lagMs: row?.lagMs ?? 0,
    };
  });
}
