import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnv } from '#server/env.ts';
import { runIndexer } from '#server/indexer/indexer.ts';
import { openPortal, type Portal } from '#server/portal.ts';
import { type Network, startNetwork } from '../../network.ts';
import type { Progress } from '../../step.ts';
import { openPopulation, type Population } from './population.ts';

/** A network with the telemetry gateway and without pages: what the portal does of itself runs in this process. */
export interface BenchNetwork {
  network: Network;
  portal: Portal;
  population: Population;
  folder: string;
}

/** So many frames of one device a second as a device of the load sends when the benchmark goes as fast as it can. */
const gatewaySettings = { TELEMETRY_FRAMES_PER_SECOND: '200', TELEMETRY_BYTES_PER_SECOND: '4194304' };

/** Starts a network for the benchmark, which is gone when the work has ended or when a signal comes. */
export async function withBenchNetwork<T>(progress: Progress, work: (bench: BenchNetwork) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'medloom-bench-'));
  chmodSync(folder, 0o711);
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort(new Error('ended')));
  const network = await startNetwork({
    ...{ stateDir: join(folder, 'state'), port: 0, portal: false, progress },
    ...{ signal: ended.signal, env: { ...process.env, ...gatewaySettings } },
  });
  const portal = openPortal(readEnv(network.run.portalEnv));
  const indexing = runIndexer(portal, ended.signal);
  const population = await openPopulation(network.run, progress.say);
  try {
    const interrupted = new Promise<never>((_, reject) => {
      ended.signal.addEventListener('abort', () => reject(ended.signal.reason), { once: true });
    });
    return await Promise.race([interrupted, work({ network, portal, population, folder })]);
  } finally {
    ended.abort(new Error('over'));
    await indexing;
    population.close();
    await portal.close();
    await network.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
