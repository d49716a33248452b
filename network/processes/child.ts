import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A program that runs beneath Medloom, with its output in a log file. */
export interface Child {
  readonly pid: number;
  /** How the process ended, or undefined while it runs. */
  ended(): string | undefined;
  /** Resolves when the process has ended. */
  readonly end: Promise<void>;
  /** The last lines that this process wrote into its log, to go with an error message. */
  lastLines(count?: number): Promise<string>;
  /** Asks by `signal`, and insists by SIGKILL after `patienceMs`. Returns when the process is gone. */
  stop(signal?: NodeJS.Signals, patienceMs?: number): Promise<void>;
}

const running = new Map<ChildProcess, NodeJS.Signals>();

/** Ends every child of this process that still runs, and waits for none: for when this process may not wait either. */
export function endChildrenAtOnce(): void {
  for (const [child, signal] of running) child.kill(signal);
}

/**
 * Starts `command` in a process group of its own: a Ctrl-C in the terminal then reaches only the process that started it,
 * which ends its children in order.
 */
export async function startChild(options: {
  command: string;
  args: string[];
  logFile: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  /** What ends it at once. SIGKILL, which no program can heed, when left out. */
  urgentSignal?: NodeJS.Signals;
}): Promise<Child> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a', 0o600);
  const logStart = fstatSync(log).size;
  let ended: string | undefined;
  try {
    const child = spawn(options.command, options.args, {
      stdio: ['ignore', log, log],
      detached: true,
      env: options.env ?? process.env,
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    });
    const end = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        ended = signal ? `ended by ${signal}` : `ended with code ${code}`;
        running.delete(child);
        resolve();
      });
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    running.set(child, options.urgentSignal ?? 'SIGKILL');
    if (child.pid === undefined) throw new Error(`${options.command} has no process id`);
    return {
      pid: child.pid,
      ended: () => ended,
      end,
      lastLines: (count) => lastLines(options.logFile, { count, from: logStart }),
      stop: async (signal = 'SIGTERM', patienceMs = 10_000) => {
        if (ended !== undefined) return;
        child.kill(signal);
        const insist = setTimeout(() => child.kill('SIGKILL'), patienceMs);
        await end;
        clearTimeout(insist);
      },
    };
  } finally {
    closeSync(log);
  }
}

/**
 * The last lines of a log, to go with an error message. Empty when there is no log. `from` leaves out what earlier processes
 * wrote, which would explain another failure than this one.
 */
export async function lastLines(
  logFile: string,
  options: { count?: number | undefined; from?: number } = {},
): Promise<string> {
  const { count = 8, from = 0 } = options;
  const handle = await open(logFile, 'r').catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const start = Math.min(size, Math.max(from, size - 8192));
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.subarray(0, bytesRead).toString('utf8').trimEnd().split('\n').slice(-count).join('\n');
  } finally {
    await handle.close();
  }
}
