import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { inspectProcess, type RunningProcess } from './inspect.ts';
import { replaceFile } from './replaceFile.ts';

const claimSchema = z.object({ owner: z.int().positive(), pid: z.int().positive(), address: z.string() });

/** Who runs a program on a state folder: the process that started it, the program itself, and where it answers. */
export type Claim = z.infer<typeof claimSchema>;

/** Notes beside the state that `pid` works on it, started by `owner`: this process, when left out. */
export async function writeClaim(file: string, claim: { pid: number; address: string; owner?: number }): Promise<void> {
  await replaceFile(file, JSON.stringify({ owner: process.pid, ...claim }));
}

export async function dropClaim(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * Looks whether an earlier program still works on the state. `mark` must occur in its command line, since ids are reused.
 * - `free`: nothing does.
 * - `owned`: it runs under a live owner, which must not be disturbed.
 * - `orphaned`: its owner was killed and left it behind.
 */
export async function readClaim(
  file: string,
  mark: string,
): Promise<{ state: 'free' } | { state: 'owned' | 'orphaned'; claim: Claim; running: RunningProcess }> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const claim = parseClaim(text);
  if (!claim) return { state: 'free' };
  const running = await inspectProcess(claim.pid);
  if (!running?.command.includes(mark)) return { state: 'free' };
  return { state: running.parent === claim.owner ? 'owned' : 'orphaned', claim, running };
}

function parseClaim(text: string): Claim | undefined {
  try {
    return claimSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
