import { setTimeout } from 'node:timers/promises';
import type { ConnectorLog } from './log.ts';

const longestPauseMs = 60_000;

/** Does something now and every `everyMs` milliseconds until `signal` aborts; what fails is begun anew, with growing pauses. */
export async function repeat(
  name: string,
  everyMs: number,
  act: () => Promise<void>,
  log: Pick<ConnectorLog, 'warn'>,
  signal: AbortSignal,
  wait = pause,
): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      await act();
      failures = 0;
    } catch (error) {
      failures += 1;
      log.warn({ err: error, duty: name }, 'this will be tried again');
    }
    await wait(failures === 0 ? everyMs : Math.min(longestPauseMs, 1_000 * 2 ** failures), signal);
  }
}

/** Waits, or until `signal` aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
