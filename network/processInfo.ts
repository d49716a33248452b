import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

/** A process as it can be found again: ids are reused, an id with its start time is not. */
export const processMark = z.object({ pid: z.int().positive(), started: z.string() });
export type ProcessMark = z.infer<typeof processMark>;

/** When a process was started, in whatever unit the system counts; undefined when there is none under the id. */
export async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const fields = await statFields(pid);
    // A zombie has ended already. Field 22 of stat(5) is the start time; two fields stand before these.
    return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
  }
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

export async function isAlive(mark: ProcessMark): Promise<boolean> {
  return (await startOf(mark.pid)) === mark.started;
}

/** Ends a process by SIGTERM, and by SIGKILL after `patienceMs`; nothing happens where the mark fits no process any more. */
export async function endProcess(mark: ProcessMark, patienceMs = 5_000): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGTERM', patienceMs],
    ['SIGKILL', 2_000],
  ] as const) {
    if (!(await isAlive(mark))) return;
    try {
      process.kill(mark.pid, signal);
    } catch {
      return;
    }
    const deadline = Date.now() + waitMs;
    while (Date.now() < deadline && (await isAlive(mark))) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Processor time that a process has taken so far, user and system, in ms. Throws where the system does not tell. */
export async function processorMs(pid: number): Promise<number> {
  const fields = await statFields(pid);
  const ticks = Number(fields?.[11]) + Number(fields?.[12]);
  if (Number.isNaN(ticks)) throw new Error(`the processor time of process ${pid} is not known here`);
  return ticks * 10; // proc_pid_stat(5): Linux counts for user space in hundredths of a second
}

/**
 * Memory of processes and all that they started, in MB (10^6 bytes). A page that several of them share counts once: the
 * proportional set size where the system tells it, else the resident set size.
 */
export async function memoryMb(pids: readonly number[]): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const children = new Map<number, number[]>();
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number((await statFields(Number(name)))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const all = new Set<number>();
  const visit = (pid: number): void => {
    if (all.has(pid)) return;
    all.add(pid);
    for (const child of children.get(pid) ?? []) visit(child);
  };
  for (const pid of pids) visit(pid);
  let kilobytes = 0;
  for (const pid of all) kilobytes += await memoryKb(pid);
  return Math.round((kilobytes * 1024) / 1e5) / 10;
}

async function memoryKb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const status = rollup || (await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''));
  return Number(/^(?:Pss|VmRSS):\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
}

async function statFields(pid: number): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The command's name in parentheses may itself hold parentheses and spaces, so read from the last one.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}
