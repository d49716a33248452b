import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Child, startChild } from '../processes/child.ts';
import { dropClaim, readClaim, writeClaim } from '../processes/claim.ts';
import { waitUntilGone } from '../processes/inspect.ts';
import { findFreePort } from '../processes/port.ts';
import { indent } from '../service.ts';
import { adviceFor, putBack, StepError } from '../step.ts';
import { type Account, chooseAccount } from './account.ts';
import { prepareCluster, programEnvironment } from './cluster.ts';
import type { Passwords } from './passwords.ts';
import { findPrograms } from './programs.ts';
import { databaseUrl, probe, provision } from './provision.ts';

/** A running PostgreSQL. */
export interface Postgres {
  /** The portal's database as its own role; holds a password. */
  url: string;
  port: number;
  pid: number;
  /** Resolves when the server has ended, asked to or not. */
  readonly end: Promise<void>;
  /** Ends the server: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '60',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Reads of a small database gain nothing from processes of their own.
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * Starts PostgreSQL from its npm package on 127.0.0.1, with its data in `<dir>/data` and random passwords in
 * `<dir>/passwords.json`. The first start makes the database. Committed transactions survive `kill -9`.
 */
export async function startPostgres(options: { dir: string; logFile: string; port?: number }): Promise<Postgres> {
  const dir = resolve(options.dir);
  const { logFile } = options;
  const data = join(dir, 'data');
  const claimFile = claimOf(dir);
  const programs = await findPrograms();
  await mkdir(dir, { recursive: true });
  await endOrphanedPostgres(dir);
  const account = await chooseAccount(data, [dir, programs.folder]);
  const passwords = await prepareCluster({ dir, logFile, programs, account });

  const port = options.port ?? (await findFreePort());
  const started = await startUntilServing({
    postgres: programs.postgres,
    data,
    port,
    logFile,
    account,
    passwords,
    claimFile,
  });
  return {
    url: databaseUrl(port, passwords),
    port,
    pid: started.pid,
    end: started.end,
    stop: async () => {
      // SIGINT is PostgreSQL's "fast shutdown".
      await started.stop('SIGINT', 30_000);
      await dropClaim(claimFile);
    },
  };
}

interface Start {
  postgres: string;
  data: string;
  port: number;
  logFile: string;
  account: Account;
  passwords: Passwords;
  claimFile: string;
}

async function startUntilServing(start: Start): Promise<Child> {
  const giveUp = Date.now() + 20_000;
  for (;;) {
    const child = await launch(start);
    const outcome = await waitUntilServing(child, start);
    if (outcome === 'serving') return child;
    await child.stop('SIGINT');
    await dropClaim(start.claimFile);
    // Processes of a killed server may need a moment to notice; until then PostgreSQL rightly refuses.
    if (outcome.retry && Date.now() < giveUp) {
      await new Promise((done) => setTimeout(done, 200));
      continue;
    }
    throw outcome.failure;
  }
}

async function launch(start: Start): Promise<Child> {
  const [command = start.postgres, ...args] = [
    ...start.account.prefix,
    start.postgres,
    ...['-D', start.data, '-p', String(start.port)],
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const child = await startChild({
    command,
    args,
    logFile: start.logFile,
    env: programEnvironment(),
    ...start.account.identity,
    // Its "immediate shutdown": unlike a kill it takes the server's other processes along.
    urgentSignal: 'SIGQUIT',
  });
  await writeClaim(start.claimFile, { pid: child.pid, address: `127.0.0.1:${start.port}` });
  return child;
}

type Outcome = 'serving' | { failure: StepError; retry: boolean };

async function waitUntilServing(child: Child, start: Start): Promise<Outcome> {
  const { logFile } = start;
  // Recovery after a kill can take long on a large database.
  const deadline = Date.now() + 120_000;
  let cause = 'no answer';
  while (Date.now() < deadline) {
    if (child.ended() !== undefined) return explainEnd(child, start);
    // Whoever else holds the port may keep silent, so the end of our own server is awaited too.
    const answer = await Promise.race([probe(databaseUrl(start.port, start.passwords)), child.end]);
    if (answer === undefined || child.ended() !== undefined) continue;
    if (answer === 'open') return 'serving';
    if (answer === 'unprovisioned') {
      try {
        await provision(start.port, start.passwords);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const message = `The database ${start.data} does not accept its own passwords: ${why}`;
        return { failure: new StepError(message, { advice: putBack, logFile, cause: error }), retry: false };
      }
    } else {
      cause = answer.cause;
    }
    await new Promise((done) => setTimeout(done, 25));
  }
  const advice = 'end programs that keep the machine busy, and start again.';
  const message = `PostgreSQL does not answer on port ${start.port}: ${cause}.`;
  return { failure: new StepError(message, { advice, logFile }), retry: false };
}

async function explainEnd(child: Child, start: Start): Promise<Outcome> {
  const lines = await child.lastLines(12);
  const retry =
    lines.includes('pre-existing shared memory block') || lines.includes('lock file "postmaster.pid" already exists');
  const busy = /could not bind|Address already in use/i.test(lines);
  const advice = adviceFor(lines) ?? `its data lies in ${start.data}; where that is damaged, ${putBack}`;
  const failure = new StepError(
    `PostgreSQL ${child.ended()}.${busy ? ` Port ${start.port} is taken.` : ''} Its log ends:\n${indent(lines)}`,
    { advice: busy ? 'start again, on another port.' : advice, logFile: start.logFile },
  );
  return { failure, retry };
}

/** Ends a server whose owner was killed; refuses when it still has its owner. */
export async function endOrphanedPostgres(dir: string): Promise<void> {
  const claimFile = claimOf(dir);
  const data = join(dir, 'data');
  const found = await readClaim(claimFile);
  if (found.state === 'free') return dropClaim(claimFile);
  if (found.state === 'owned') {
    throw new StepError(
      `The database ${data} is in use: process ${found.claim.owner} runs PostgreSQL on it (process ${found.claim.pid}).`,
      { advice: `end process ${found.claim.owner} first.` },
    );
  }
  process.kill(found.claim.pid, 'SIGINT');
  if (!(await waitUntilGone(found.claim.pid, 30_000))) {
    throw new StepError(`PostgreSQL, process ${found.claim.pid}, still works on ${data} and does not end.`, {
      advice: `end it first: kill -QUIT ${found.claim.pid}`,
    });
  }
  await dropClaim(claimFile);
}

function claimOf(dir: string): string {
  return join(dir, 'claim');
}
