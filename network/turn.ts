import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, processMark, startOf } from './processInfo.ts';

const lookEveryMs = 200;

/**
 * Waits until no other process has its turn, and takes it; answers with what ends the turn. A turn whose process is gone
 * counts as ended. Used where two starts of one checkout would write to the same folder.
 */
export async function takeTurn(file: string, signal: AbortSignal): Promise<() => void> {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, started: await startOf(process.pid) }));
  try {
    for (;;) {
      signal.throwIfAborted();
      if (linked(own, file)) return () => rmSync(file, { force: true });
      if (!(await isHeld(file))) rmSync(file, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  } finally {
    rmSync(own, { force: true });
  }
}

async function isHeld(file: string): Promise<boolean> {
  try {
    return await isAlive(processMark.parse(JSON.parse(readFileSync(file, 'utf8'))));
  } catch {
    return false;
  }
}

/** Puts the file in place by a hard link; false where another's is there. */
export function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
