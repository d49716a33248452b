import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnv } from '#server/env.ts';
import { runIndexer } from '#server/indexer/indexer.ts';
import { openPortal, type Portal } from '#server/portal.ts';
import { runSettlement } from '#server/settlement/run.ts';
import { startNetwork } from '../../network.ts';
import type { Progress } from '../../step.ts';

/**
 * Starts a network with the demonstration's people and the insurer's adjudicator, and without pages: what the portal does of itself runs
 * in this process. It is gone when the work has ended or when a signal comes.
 */
export async function withClaimsNetwork<T>(progress: Progress, work: (portal: Portal) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'medloom-bench-'));
  chmodSync(folder, 0o711);
  const ended = new AbortController();
  const end = () => ended.abort(new Error('The benchmark was ended.'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  try {
    const network = await startNetwork({
      ...{ stateDir: join(folder, 'state'), port: 0, portal: false, batchTimeoutMs: 100, progress },
      signal: ended.signal,
    });
    const portal = openPortal(readEnv(network.run.portalEnv));
    const running = Promise.all([runIndexer(portal, ended.signal), runSettlement(portal, ended.signal)]);
    try {
      const interrupted = new Promise<never>((_, reject) => {
        ended.signal.addEventListener('abort', () => reject(ended.signal.reason), { once: true });
        running.catch(reject);
      });
      return await Promise.race([interrupted, work(portal)]);
    } finally {
      ended.abort(new Error('over'));
      await Promise.allSettled([running]);
      await portal.close();
      await network.stop();
    }
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
    rmSync(folder, { recursive: true, force: true });
  }
}
