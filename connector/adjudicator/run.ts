import type { LedgerConnection } from '../ledger/connection.ts';
import type { ConnectorLog } from '../log.ts';
import { pause, repeat } from '../repeat.ts';
import { Adjudicator } from './adjudicator.ts';
import type { Bench } from './judging.ts';
import { Payer } from './paying.ts';
import type { SettlementClient } from './settlement.ts';

/** An event that was missed is found within this time. */
const anewMs = 10 * 60_000;

/**
 * Follows `claims` and decides until `signal` aborts. Nothing is decided before all of the past is known, against which claims are
 * held.
 */
export async function runAdjudicator(
  of: {
    bench: Bench;
    ledger: Pick<LedgerConnection, 'events'>;
    settlement: () => Promise<SettlementClient>;
    everyMs: number;
    log: ConnectorLog;
  },
  signal: AbortSignal,
): Promise<void> {
  const { bench, ledger, settlement, everyMs, log } = of;
  const payer = new Payer(bench, settlement, log);
  const adjudicator = new Adjudicator(bench, log);
  let isComplete = false;
  const follow = async () => {
    const round = new AbortController();
    const listening = AbortSignal.any([signal, round.signal, AbortSignal.timeout(anewMs)]);
    try {
      // Listening begins before all is read, so that a change in between is not lost.
      const events = await ledger.events('claims', 'claims', listening);
      const all = bench.list().then((list) => bench.known.learnAll(list));
      const complete = all.then(() => {
        isComplete = true;
      });
      const heard = (async () => {
        for await (const event of events) bench.known.note(event);
      })();
      await Promise.all([complete, heard]);
    } finally {
      round.abort();
    }
  };
  await Promise.all([
    repeat('follow claims', everyMs, follow, log, signal, pause),
    repeat(
      'decide claims',
      everyMs,
      async () => {
        if (isComplete) await adjudicator.round();
      },
      log,
      signal,
      pause,
    ),
    repeat(
      'pay claims',
      everyMs,
      async () => {
        if (isComplete) {
          await payer.round();
          await payer.endReversed();
        }
      },
      log,
      signal,
      pause,
    ),
  ]);
}
