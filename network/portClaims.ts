import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from './step.ts';

/** A file for each port that was found for a process which may not listen on it yet; it names who asked. */
const folder = join(tmpdir(), `medloom-ports-${process.getuid?.() ?? 'all'}`);
const own = new Set<string>();

/**
 * Keeps a port for this process, so that no other one that starts at the same moment finds it too; false where another has
 * it. Where no file can be written, only chance keeps two of them apart.
 */
export function claimPort(port: number): boolean {
  const file = join(folder, String(port));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return true;
    if (runs(holderOf(file))) return false;
    // Who asked has ended, and where the port was used, that is seen by listening on it.
    rmSync(file, { force: true });
    return claimPort(port);
  }
  if (own.size === 0) process.once('exit', giveBack);
  own.add(file);
  return true;
}

function giveBack(): void {
  for (const file of own) rmSync(file, { force: true });
}

function holderOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

function runs(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
