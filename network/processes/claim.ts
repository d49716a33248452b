import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { isAlive, processMark, startOf } from '../processInfo.ts';
import { inspectProcess } from './inspect.ts';
import { replaceFile } from './replaceFile.ts';

const claimSchema = processMark.extend({ owner: z.int().positive(), address: z.string() });

/** Who runs a program on a state folder: the process that started it, the program itself, and where it answers. */
export type Claim = z.infer<typeof claimSchema>;

/** Notes beside the state that `pid` works on it, started by `owner`: this process, when left out. */
export async function writeClaim(file: string, claim: { pid: number; address: string; owner?: number }): Promise<void> {
  const started = await startOf(claim.pid);
  // A program that has ended by now claims nothing.
  if (started !== undefined) await replaceFile(file, JSON.stringify({ owner: process.pid, ...claim, started }));
}

export async function dropClaim(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * Looks whether an earlier program still works on the state.
 * - `free`: nothing does; another program that has its id since is not taken for it.
 * - `owned`: it runs under a live owner, which must not be disturbed.
 * - `orphaned`: its owner was killed and left it behind.
 */
export async function readClaim(
  file: string,
): Promise<{ state: 'free' } | { state: 'owned' | 'orphaned'; claim: Claim }> {
  const claim = parseClaim(await readFile(file, 'utf8').catch(() => ''));
  if (!claim || !(await isAlive(claim))) return { state: 'free' };
  const running = await inspectProcess(claim.pid);
  if (!running) return { state: 'free' };
  return { state: running.parent === claim.owner ? 'owned' : 'orphaned', claim };
}

function parseClaim(text: string): Claim | undefined {
  try {
    return claimSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
