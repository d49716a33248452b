import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';

const retryMs = 3_000;

/**
 * Does work of which one process at a database is enough, until `signal` aborts: who holds the lock of that name works, and when its
 * connection breaks, `work` is aborted and another takes over.
 */
export async function runAsLeader(
  databaseUrl: string,
  name: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const leader = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
    const lost = new AbortController();
    leader.on('error', () => lost.abort());
    leader.on('end', () => lost.abort());
    try {
      await leader.connect();
      const { rows } = await leader.query('select pg_try_advisory_lock(hashtext($1)) as mine', [name]);
      if (rows[0]?.mine === true) await work(AbortSignal.any([signal, lost.signal]));
    } catch (error) {
      log().warn({ name, detail: asAppError(error).detail }, 'work of one process could not start');
    } finally {
      await leader.end().catch(() => undefined);
    }
    await delay(retryMs, undefined, { signal }).catch(() => undefined);
  }
}
