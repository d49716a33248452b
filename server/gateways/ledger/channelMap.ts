import type { ChannelMap } from '#chaincode/model/channelMap.ts';
import { AppError } from '#server/errors.ts';

/** A channel that takes new patients a few seconds late does no harm: each pseudonym names its own. */
const freshMs = 5_000;

/**
 * The care channels that are in force for new patients: those of the newest channel map all of whose care channels this
 * deployment reaches. The map is asked for at most every five seconds, and the last one serves while `registry` does not
 * answer. Throws LEDGER_UNAVAILABLE where none was ever read, WRONG_STATE where none is published or
 * can be served.
 */
export function careChannelsInForce(
  read: (version: string) => Promise<ChannelMap>,
  reaches: (channel: string) => boolean,
): () => Promise<string[]> {
  let known: { at: number; care: string[] } | undefined;
  let asking: Promise<string[]> | undefined;

  async function ask(): Promise<string[]> {
    try {
      let map = await read('newest');
      while (!map.care.every(reaches)) {
        if (map.version === 1) throw new AppError('WRONG_STATE', 'no channel map names only channels of the profile');
        map = await read(`${map.version - 1}`);
      }
      known = { at: performance.now(), care: map.care };
      return map.care;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (known !== undefined && error.code === 'LEDGER_UNAVAILABLE') return known.care;
      if (error.code !== 'NOT_FOUND') throw error;
      throw new AppError('WRONG_STATE', 'no channel map is published on registry', { cause: error });
    }
  }

  return async () => {
    if (known !== undefined && performance.now() - known.at < freshMs) return known.care;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
