import { ConnectorError } from '../errors.ts';

/** Does the work for each, so many side by side. The first failure is thrown once those that run have ended. */
export async function inTurns<T>(all: readonly T[], width: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const worker = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  const outcomes = await Promise.allSettled(Array.from({ length: width }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

const away = new Set(['LEDGER_UNAVAILABLE', 'ETHEREUM_UNAVAILABLE', 'STORAGE_UNAVAILABLE']);

/** Whether something does not answer for now, rather than refuse. */
export const isAway = (error: unknown): boolean => error instanceof ConnectorError && away.has(error.code);

/** So often something may be away, for each side by side, before the rest is not tried. */
const mostInVain = 3;

/**
 * As `inTurns`, part after part, but what fails is told, and holds up no other. Where something is away and nothing at all was done, the
 * first such failure is thrown, too.
 */
export async function eachApart<T>(
  parts: AsyncIterable<readonly T[]> | Iterable<readonly T[]>,
  width: number,
  work: (one: T) => Promise<void>,
  failed: (one: T, error: unknown) => void,
): Promise<void> {
  let done = 0;
  const inVain: unknown[] = [];
  const attempt = async (one: T) => {
    if (done === 0 && inVain.length >= mostInVain * width) return;
    try {
      await work(one);
      done += 1;
    } catch (error) {
      if (isAway(error)) inVain.push(error);
      failed(one, error);
    }
  };
  for await (const all of parts) await inTurns(all, width, attempt);
  if (done === 0 && inVain.length > 0) throw inVain[0];
}
