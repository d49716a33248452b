import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Child, lastLines } from './child.ts';

/**
 * A watcher waits for the end of standard input, whose other end this process holds, and ends the program then; the program
 * itself takes the shell's place, and with it the process id.
 */
const script = 'exec 3<&0; { cat <&3; kill -TERM $$; } >/dev/null 2>&1 & exec "$@" 3<&- </dev/null';

/**
 * Starts a program that is not ours so that it ends with this process, however that ends: for programs that would go on
 * alone. Its output goes to the log file. It has a process group of its own: a Ctrl-C reaches only the one who stops it in order.
 */
export async function startTethered(options: {
  command: string;
  args: string[];
  logFile: string;
  env: Record<string, string | undefined>;
}): Promise<Child> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a', 0o600);
  const logStart = fstatSync(log).size;
  try {
    const child = spawn('/bin/sh', ['-c', script, 'sh', options.command, ...options.args], {
      stdio: ['pipe', log, log],
      detached: true,
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
