import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LedgerChoice } from './ledgerChoice.ts';
import { memoryMb } from './processInfo.ts';
import { type RunFile, writeRunFile } from './runFile.ts';
import { type Host, stopServices } from './services.ts';
import { startAll } from './startAll.ts';
import { openState } from './state.ts';
import { GivenUp, type Progress, StepError, silentProgress } from './step.ts';

export interface NetworkOptions {
  /** Where everything is kept. */
  stateDir: string;
  /** Port of the portal; 0 takes a free one. */
  port: number;
  /** Delete what the state folder holds before starting. */
  fresh?: boolean;
  /** Run the portal with hot reload instead of its build. */
  dev?: boolean;
  /** False starts everything but the portal. */
  portal?: boolean;
  /** False leaves the network empty, without the demonstration's people. */
  demonstration?: boolean;
  /** True lets a simulated supply chain and simulated devices go on, where there is a portal with the demonstration. */
  simulation?: boolean;
  /** Which IPFS node to start where IPFS_API_URL names none; left out, Kubo where IPFS_BIN names one. */
  ipfs?: 'embedded' | 'kubo';
  /** Which ledger to start or to reach: the devnet when left out. A state folder keeps to the one that it began with. */
  ledger?: LedgerChoice;
  /** How long the ledger waits for more transactions before it makes a block. */
  batchTimeoutMs?: number;
  progress?: Progress;
  /** Ends the start. A network that is up is ended by `stop`. */
  signal?: AbortSignal;
  /** Settings such as ETHEREUM_RPC_URL, IPFS_API_URL, IPFS_BIN and DATABASE_URL, which take the place of embedded nodes. */
  env?: Record<string, string | undefined>;
}

export interface Network {
  run: RunFile;
  /** Memory of all processes now, in MB. */
  rssMb(): Promise<number>;
  /** Ends everything in order and gives the state folder free. */
  stop(): Promise<void>;
}

/** Starts every ledger, the connector and the portal on 127.0.0.1. Throws a StepError, with everything ended again. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const { progress = silentProgress, signal, env = process.env } = options;
  refuseProduction(env.MEDLOOM_MODE);
  const started = Date.now();
  const abort = new AbortController();
  const giveUp = () => abort.abort(signal?.reason ?? new GivenUp());
  signal?.addEventListener('abort', giveUp, { once: true });
  const state = await openState(options.stateDir, options.fresh ? { fresh: true } : {});
  const host: Host = {
    state,
    signal: abort.signal,
    giveUp,
    say: progress.say,
    env,
    services: [],
    onChange: () => undefined,
  };
  const file = state.path('run.json');
  const stop = async () => {
    host.onChange = () => undefined;
    giveUp();
    await stopServices(host);
    rmSync(file, { force: true });
    state.release();
  };
  try {
    signal?.throwIfAborted();
    const run = await startAll(host, options, progress);
    const rssMb = () => memoryMb([process.pid, ...processesOf(host).map(({ pid }) => pid)]);
    run.startSeconds = Math.round((Date.now() - started) / 100) / 10;
    run.rssMb = await rssMb();
    host.onChange = () => {
      run.processes = processesOf(host);
      writeRunFile(file, run);
    };
    host.onChange();
    return { run, rssMb, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** What is started here has keys of every organisation and printed passwords, whatever the mode is called. */
function refuseProduction(mode: string | undefined): void {
  if (mode === undefined || mode === 'demonstration') return;
  throw new StepError(
    `MEDLOOM_MODE is ${mode}, and this starts a demonstration: printed passwords, all keys in one place.`,
    {
      advice:
        'unset MEDLOOM_MODE to start the demonstration. A production portal is deployed with settings of its own (server/env.ts). Nothing was changed.',
    },
  );
}

function processesOf(host: Host): RunFile['processes'] {
  return host.services.flatMap(({ service, logFile }) => {
    const pid = service.current()?.pid;
    return pid === undefined ? [] : [{ name: service.name, pid, logFile }];
  });
}

/** Where the state lies unless told otherwise. */
export const defaultStateDir = fileURLToPath(new URL('../.medloom', import.meta.url));
