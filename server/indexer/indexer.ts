import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Portal } from '#server/portal.ts';
import { runAsLeader } from '../gateways/db/leader.ts';
import { countAnswer } from './minutes.ts';
import { beat, nextBlockOf, recordBlock } from './record.ts';

/** Each beat asks every channel's contract, which takes its share of the processor. */
const heartbeatMs = 5_000;
const retryMs = 1_000;
const askMs = 1_500;

/** Follows one channel from its checkpoint until the signal aborts; takes up again when the ledger was away. */
async function followChannel(portal: Portal, channel: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const next = await nextBlockOf(portal, channel);
      const since = new Date();
      for await (const block of portal.ledger.followBlocks(channel, next, signal)) {
        await recordBlock(portal, channel, block, { since });
      }
    } catch (error) {
      const { code, detail } = asAppError(error);
      log().warn({ channel, code, detail }, 'channel is not followed');
      await beat(portal, channel, false).catch(() => undefined);
    }
    await pause(retryMs, signal);
  }
}

/** Blocks of a channel; undefined where nobody says. */
async function heightOf(portal: Portal, channel: string): Promise<number | undefined> {
  try {
    return await portal.ledger.height(channel, askMs);
  } catch (error) {
    const { code, detail } = asAppError(error);
    log().info({ channel, code, detail }, 'no height');
    return undefined;
  }
}

async function heartbeat(portal: Portal, channel: string): Promise<void> {
  const started = performance.now();
  const answers = await portal.ledger.answers(channel, askMs);
  const answerMs = performance.now() - started;
  const height = answers ? await heightOf(portal, channel) : undefined;
  await beat(portal, channel, answers, height);
  await countAnswer(portal, channel, answers ? answerMs : undefined);
}

/**
 * Follows every channel, those added meanwhile from the next round on, and tells from time to time which of them answer, so
 * that silence can be told from standstill.
 */
async function followAll(portal: Portal, signal: AbortSignal, everyMs: number): Promise<void> {
  const followed = new Map<string, Promise<void>>();
  while (!signal.aborted) {
    const channels = portal.ledger.channels();
    for (const channel of channels)
      if (!followed.has(channel)) followed.set(channel, followChannel(portal, channel, signal));
    for (const channel of channels) {
      await heartbeat(portal, channel).catch((error: unknown) => {
        log().warn({ channel, detail: asAppError(error).detail }, 'no heartbeat');
      });
    }
    await pause(everyMs, signal);
  }
  await Promise.all(followed.values());
}

/**
 * Follows every channel into PostgreSQL until `signal` aborts. Of several portal processes one does it, holding a lock of
 * the database; when its connection breaks, another takes over.
 */
export async function runIndexer(portal: Portal, signal: AbortSignal, everyMs = heartbeatMs): Promise<void> {
  await runAsLeader(portal.settings.databaseUrl, 'medloom:indexer', signal, (working) =>
    followAll(portal, working, everyMs),
  );
}
