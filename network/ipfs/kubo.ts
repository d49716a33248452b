import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Child, startChild } from '../processes/child.ts';
import { dropClaim, readClaim, writeClaim } from '../processes/claim.ts';
import { waitUntilGone } from '../processes/inspect.ts';
import { findFreePort } from '../processes/port.ts';
import { replaceFile } from '../processes/replaceFile.ts';
import { indent } from '../service.ts';
import { adviceFor, putBack, StepError } from '../step.ts';

/** A running Kubo daemon. */
export interface Kubo {
  apiUrl: string;
  pid: number;
  /** Resolves when the process has ended, asked to or not. */
  readonly end: Promise<void>;
  stop(): Promise<void>;
}

/** Where Kubo is: what `IPFS_BIN` names, or `ipfs` on `PATH`; undefined when there is none. */
export function findKubo(env: Record<string, string | undefined> = process.env): string | undefined {
  if (env.IPFS_BIN) return env.IPFS_BIN;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'ipfs')).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs an installed Kubo offline: its RPC on 127.0.0.1, no gateway, no swarm, no bootstrap, no autoconfiguration. The repository
 * is made at the first start.
 */
export async function startKubo(options: {
  repo: string;
  binary: string;
  logFile: string;
  port?: number;
}): Promise<Kubo> {
  const { binary, logFile } = options;
  const repo = resolve(options.repo);
  const claimFile = claimOf(repo);
  const env: NodeJS.ProcessEnv = { ...process.env, IPFS_PATH: repo, IPFS_TELEMETRY: 'off' };
  await mkdir(repo, { recursive: true });
  await endOrphanedKubo(repo);
  if (!(await stat(join(repo, 'config')).catch(() => undefined))) {
    // The profile "test" leaves out everything that would look for a network.
    await promisify(execFile)(binary, ['init', '--empty-repo', '--profile=test'], { env }).catch((error: unknown) => {
      const words = error instanceof Error ? error.message : String(error);
      throw new StepError(`Kubo (${binary}) could not make its repository in ${repo}: ${words.trim()}`, {
        advice:
          adviceFor(words) ?? `see that "${binary} version" runs here, or use the embedded node: --ipfs embedded.`,
        cause: error,
      });
    });
  }
  const port = options.port ?? (await findFreePort());
  await keepLocal(join(repo, 'config'), port);

  const apiUrl = `http://127.0.0.1:${port}`;
  const child = await startChild({ command: binary, args: ['daemon', '--offline', '--migrate=false'], logFile, env });
  try {
    await writeClaim(claimFile, { pid: child.pid, address: apiUrl });
    await waitUntilAnswering(child, apiUrl, logFile);
  } catch (error) {
    await child.stop();
    await dropClaim(claimFile);
    throw error;
  }
  return {
    apiUrl,
    pid: child.pid,
    end: child.end,
    stop: async () => {
      await child.stop();
      await dropClaim(claimFile);
    },
  };
}

const configSchema = z.looseObject({ Addresses: z.looseObject({}) });

async function keepLocal(file: string, port: number): Promise<void> {
  const config = configSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const Addresses = { ...config.Addresses, API: `/ip4/127.0.0.1/tcp/${port}`, Gateway: '', Swarm: [], Announce: [] };
  await replaceFile(
    file,
    JSON.stringify({ ...config, Addresses, Bootstrap: [], AutoConf: { Enabled: false } }, undefined, 2),
  );
}

async function waitUntilAnswering(child: Child, apiUrl: string, logFile: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.ended() !== undefined) break;
    const response = await fetch(`${apiUrl}/api/v0/version`, {
      method: 'POST',
      signal: AbortSignal.timeout(1_000),
    }).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  const words = await child.lastLines();
  throw new StepError(`Kubo ${child.ended() ?? `does not answer at ${apiUrl}`}. Its log ends:\n${indent(words)}`, {
    advice: adviceFor(words) ?? `where the repository is damaged, ${putBack}`,
    logFile,
  });
}

/** Ends a daemon whose owner was killed; refuses when it still has its owner. */
export async function endOrphanedKubo(repo: string): Promise<void> {
  const claimFile = claimOf(repo);
  const found = await readClaim(claimFile);
  if (found.state === 'free') return dropClaim(claimFile);
  if (found.state === 'owned')
    throw new StepError(`The IPFS repository ${repo} is in use by process ${found.claim.pid}.`, {
      advice: `end process ${found.claim.owner} first.`,
    });
  process.kill(found.claim.pid, 'SIGTERM');
  if (!(await waitUntilGone(found.claim.pid, 15_000))) {
    throw new StepError(`Kubo, process ${found.claim.pid}, still works on ${repo} and does not end.`, {
      advice: `end it first: kill -9 ${found.claim.pid}`,
    });
  }
  await dropClaim(claimFile);
}

function claimOf(repo: string): string {
  return join(repo, 'medloom-claim');
}
