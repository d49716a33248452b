import { saveChainState } from './chainState.ts';
import { callEthereum } from './rpc.ts';

/** Saves the chain to its file whenever a block was added. */
export interface ChainKeeper {
  /** Ends the watch. Nothing is written once this has resolved. */
  abandon(): Promise<void>;
  /** Ends the watch and saves what is there now. Throws when that last save fails. */
  close(): Promise<void>;
}

/**
 * Anvil's own `--state-interval` writes straight over its file, so that a kill in the middle of writing leaves a part of it,
 * and can lose five seconds of blocks. This looks for new blocks every `everyMs` instead and replaces the file in one step.
 * Saving costs time in proportion to the chain, so the pause grows to ten times what the last save took.
 */
export function keepChain(options: {
  rpcUrl: string;
  stateFile: string;
  everyMs: number;
  onFailure: (error: unknown) => void;
}): ChainKeeper {
  let saved: string | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();

  const saveIfChanged = async (): Promise<number> => {
    const height = await callEthereum(options.rpcUrl, 'eth_blockNumber');
    if (height === saved) return options.everyMs;
    const begun = performance.now();
    await saveChainState(options.rpcUrl, options.stateFile);
    saved = height;
    return Math.max(options.everyMs, 10 * (performance.now() - begun));
  };
  const schedule = (pauseMs: number): void => {
    if (closed) return;
    timer = setTimeout(() => {
      running = saveIfChanged()
        .catch((error: unknown) => {
          options.onFailure(error);
          return Math.max(options.everyMs, 5_000);
        })
        .then(schedule);
    }, pauseMs);
    // The watch alone is no reason for the process to stay.
    timer.unref();
  };
  schedule(0);

  const abandon = async (): Promise<void> => {
    closed = true;
    clearTimeout(timer);
    await running;
  };
  return {
    abandon,
    close: async () => {
      await abandon();
      // Always, and not only after a new block: calls such as anvil_setBalance change the state without one.
      await saveChainState(options.rpcUrl, options.stateFile);
    },
  };
}
