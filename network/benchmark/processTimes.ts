import { readFile } from 'node:fs/promises';

/** Linux counts processor time of processes in ticks of 1/100 s (USER_HZ, proc(5)). */
const tickMs = 10;
const pageBytes = 4096;

/** What a process has used so far; undefined where there is none under the id. */
export async function processUse(pid: number): Promise<{ cpuMs: number; rssBytes: number } | undefined> {
  const [stat, statm] = await Promise.all([text(`/proc/${pid}/stat`), text(`/proc/${pid}/statm`)]);
  if (stat === undefined || statm === undefined) return undefined;
  return { cpuMs: cpuMsOf(stat), rssBytes: Number(statm.split(' ')[1]) * pageBytes };
}

/** utime and stime of proc(5)'s `stat`, fields 14 and 15, in milliseconds. */
export function cpuMsOf(stat: string): number {
  // The command's name in parentheses may itself hold parentheses and spaces, so read from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Processor time that the whole machine has spent on anything but waiting, in milliseconds. */
export async function machineBusyMs(): Promise<number> {
  return busyMsOf((await text('/proc/stat')) ?? '');
}

/** user, nice, system, irq, softirq and steal of the first line of proc(5)'s `/proc/stat`; idle and iowait are left out. */
export function busyMsOf(stat: string): number {
  const [user, nice, system, , , irq, softirq, steal] = (stat.split('\n')[0] ?? '')
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return ((user ?? 0) + (nice ?? 0) + (system ?? 0) + (irq ?? 0) + (softirq ?? 0) + (steal ?? 0)) * tickMs;
}

/** The process and all that its main thread started, and those in turn. */
export async function withDescendants(pid: number): Promise<number[]> {
  const children = (await text(`/proc/${pid}/task/${pid}/children`)) ?? '';
  const pids = children.split(' ').filter(Boolean).map(Number);
  return [pid, ...(await Promise.all(pids.map(withDescendants))).flat()];
}

const text = (file: string) => readFile(file, 'utf8').catch(() => undefined);
