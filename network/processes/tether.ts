import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { codeOf } from '../step.ts';
import { type Child, lastLines } from './child.ts';

/**
 * A watcher waits for the end of standard input, whose other end this process holds, and ends the program's group then; the
 * program itself takes the shell's place, and with it the process id.
 */
const script = 'exec 3<&0; { cat <&3; kill -TERM -$$; } >/dev/null 2>&1 & exec "$@" 3<&- </dev/null';

/**
 * Starts a program that is not ours so that it ends with this process, however that ends: for programs that would go on
 * alone. Its output goes to the log file. It has a process group of its own: a Ctrl-C reaches only the one who stops it in order.
 */
export async function startTethered(options: {
  command: string;
  args: string[];
  logFile: string;
  env: Record<string, string | undefined>;
  /** Where it works; this process's own folder when left out. */
  folder?: string;
  /** Told of each line of its output, which then goes to the log file through this process. */
  onLine?: (line: string) => void;
}): Promise<Child> {
  const { onLine } = options;
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a', 0o600);
  const logStart = fstatSync(log).size;
  try {
    const output = onLine ? 'pipe' : log;
    const child = spawn('/bin/sh', ['-c', script, 'sh', options.command, ...options.args], {
      stdio: ['pipe', output, output],
      detached: true,
      ...(options.folder !== undefined && { cwd: options.folder }),
      env: { ...process.env, ...options.env },
    });
    let ended: string | undefined;
    const end = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        ended = signal ? `was ended by ${signal}` : `ended with code ${code}`;
        // The watcher has nothing left to watch.
        child.stdin?.destroy();
        resolve();
      });
    });
    child.stdin?.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    const { pid } = child;
    if (pid === undefined) throw new Error(`${options.command} has no process id`);
    if (onLine) for (const stream of [child.stdout, child.stderr]) if (stream) passOn(stream, options.logFile, onLine);
    return {
      pid,
      ended: () => ended,
      end,
      lastLines: (count) => lastLines(options.logFile, { count, from: logStart }),
      stop: async (signal = 'SIGTERM', patienceMs = 10_000) => {
        if (ended !== undefined) return;
        signalGroup(pid, signal);
        const insist = setTimeout(() => signalGroup(pid, 'SIGKILL'), patienceMs);
        await end;
        clearTimeout(insist);
      },
    };
  } finally {
    closeSync(log);
  }
}

/** Read whatever becomes of the log: a program whose output is not taken stands still. */
function passOn(stream: NodeJS.ReadableStream, logFile: string, onLine: (line: string) => void): void {
  let complained = false;
  createInterface({ input: stream }).on('line', (line) => {
    try {
      appendFileSync(logFile, `${line}\n`);
    } catch (error) {
      if (!complained) onLine(`its log cannot be written: ${error instanceof Error ? error.message : error}`);
      complained = true;
    }
    onLine(line);
  });
}

/** What it started belongs to it, and would not notice its end. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It has just ended.
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
