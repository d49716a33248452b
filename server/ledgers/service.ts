import { count, desc, gt, max, sql, sum } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { channelEndorsers, channelMinutes, checkpoints, ledgerEvents } from '../gateways/db/schema/ledger.ts';
import { sagas } from '../gateways/db/schema/sagas.ts';
import type { Actor } from '../people/schema.ts';
import { watchableBy } from './policy.ts';
import { type ChannelHealth, type ChannelSeries, type LedgerFigures, type Span, spans } from './schema.ts';

/** Without a heartbeat for this long, nobody follows a channel. */
const silentMs = 15_000;

/** Health and figures over time of the chains that the actor may watch. */
export async function ledgerFigures(actor: Actor, span: Span, portal: Portal = thePortal()): Promise<LedgerFigures> {
  const watchable = watchableBy(actor, (channel) => portal.ledger.organisationsOf(channel));
  const [health, series] = await Promise.all([channelHealth(portal), channelSeries(portal, span)]);
  const shown = ({ channel }: { channel: string }) => watchable(channel);
  return { health: health.filter(shown), series: series.filter(shown) };
}

/** How every channel is doing. It authorises nobody: its callers tell no more than a state, or have asked. */
export async function channelHealth({ db, ledger }: Portal): Promise<ChannelHealth[]> {
  const [rows, rates, submitted, endorsers] = await Promise.all([
    db.select().from(checkpoints),
    db
      .select({ channel: ledgerEvents.channel, count: count() })
      .from(ledgerEvents)
      .where(gt(ledgerEvents.at, sql`now() - interval '1 minute'`))
      .groupBy(ledgerEvents.channel),
    db
      .select({ channel: sagas.channel, block: max(sagas.blockNumber) })
      .from(sagas)
      .groupBy(sagas.channel),
    db.select().from(channelEndorsers).orderBy(desc(channelEndorsers.transactions), channelEndorsers.mspId),
  ]);
  return ledger.channels().map((channel) => {
    const of = <Row extends { channel: string }>(list: readonly Row[]) => list.find((row) => row.channel === channel);
    const row = of(rows);
    const height = row?.nextBlock ?? 0;
    const committed = Math.max(row?.ledgerHeight ?? 0, Number(of(submitted)?.block ?? -1) + 1);
    return {
      channel,
      kind: ledger.kindOf(channel),
      answering: row !== undefined && Date.now() - row.heartbeatAt.getTime() < silentMs && row.following,
      height,
      transactions: row?.transactions ?? 0,
      invalid: row?.invalid ?? 0,
      rate: of(rates)?.count ?? 0,
      lag: Math.max(0, committed - height),
      lagMs: row?.lagMs ?? 0,
      endorsers: endorsers
        .filter((endorser) => endorser.channel === channel)
        .map(({ mspId, transactions, lastBlock }) => ({ mspId, transactions, lastBlock })),
    };
  });
}

async function channelSeries({ db, ledger }: Portal, span: Span): Promise<ChannelSeries[]> {
  const { minutes, step } = spans[span];
  const start = sql<Date>`date_bin(make_interval(mins => ${step}), ${channelMinutes.minute}, timestamptz '2000-01-01Z')`;
  const total = (column: Parameters<typeof sum>[0]) => sum(column).mapWith(Number);
  const rows = await db
    .select({
      channel: channelMinutes.channel,
      at: start.mapWith(channelMinutes.minute).as('at'),
      transactions: total(channelMinutes.transactions),
      invalid: total(channelMinutes.invalid),
      delays: total(channelMinutes.delays),
      delayMs: total(channelMinutes.delayMs),
      answers: total(channelMinutes.answers),
      answerMs: total(channelMinutes.answerMs),
      unanswered: total(channelMinutes.unanswered),
    })
    .from(channelMinutes)
    .where(gt(channelMinutes.minute, sql`now() - make_interval(mins => ${minutes})`))
    .groupBy(channelMinutes.channel, sql`at`)
    .orderBy(channelMinutes.channel, sql`at`);
  return ledger.channels().map((channel) => ({
    channel,
    points: rows
      .filter((row) => row.channel === channel)
      .map(({ at, transactions, invalid, delays, delayMs, answers, answerMs, unanswered }) => ({
        ...{ at: at.toISOString(), transactions, invalid, unanswered },
        delayMs: delays === 0 ? null : Math.round(delayMs / delays),
        answerMs: answers === 0 ? null : Math.round(answerMs / answers),
      })),
  }));
}
