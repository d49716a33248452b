import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, processMark, startOf } from './processInfo.ts';
import { codeOf } from './step.ts';

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
      if (await takeHold(own, file)) return () => rmSync(file, { force: true });
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Puts `own`, which holds the mark of this process, in place of `file` by a hard link; false where another process has it.
 * What one that is gone left there is replaced, but only by whoever holds `<file>.takeover`, so that of several none removes
 * what another has just put there.
 */
export async function takeHold(own: string, file: string): Promise<boolean> {
  if (linked(own, file)) return true;
  if (!(await isLeft(file))) return false;
  const takeover = `${file}.takeover`;
  if (!linked(own, takeover)) {
    // It is held for moments only; one whose process is gone was left by a kill in between.
    if (!(await isLeft(takeover))) return false;
    rmSync(takeover, { force: true });
    if (!linked(own, takeover)) return false;
  }
  try {
    if (await isLeft(file)) rmSync(file, { force: true });
    return linked(own, file);
  } finally {
    rmSync(takeover, { force: true });
  }
}

/** Whether the file is there without its process. */
async function isLeft(file: string): Promise<boolean> {
  try {
    return !(await isAlive(processMark.parse(JSON.parse(readFileSync(file, 'utf8')))));
  } catch (error) {
    // It was taken away at this moment, or it is damaged.
    return codeOf(error) !== 'ENOENT';
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}
