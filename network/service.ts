import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { lastLines } from './processes/child.ts';
import { adviceFor, StepError } from './step.ts';

/** A process that is up. */
export interface Running {
  readonly pid: number;
  /** Resolves when it has ended, asked to or not. */
  readonly end: Promise<unknown>;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  name: string;
  /** Arguments of Node: the entry and its own arguments. */
  args: string[];
  env?: Record<string, string>;
  logFile: string;
  /** What to do where it does not start and its last words tell no known cause. */
  advice: string;
  /**
   * When it is ready: `line` waits for a line of JSON with `"ready": true` on its standard output; a function is asked
   * again and again until it answers true.
   */
  ready: 'line' | (() => Promise<boolean>);
  readyWithinMs?: number;
  signal: AbortSignal;
  /** Told what a person should know while it runs. */
  say: (text: string) => void;
  /** How long an orderly end may take before the process is killed. */
  stopWithinMs?: number;
}

const parentModule = new URL('./parent.ts', import.meta.url).href;
const root = fileURLToPath(new URL('..', import.meta.url));
const largestLog = 5e6;

/**
 * Starts one of our own Node programs and waits until it is ready. Its output goes to the log file. It ends with this process
 * through a pipe (`parent.ts`), and has a process group of its own so that a Ctrl-C reaches only the one who stops it in order.
 */
export async function startNode(options: ProcessOptions): Promise<Running & { announcement: unknown }> {
  const { name, logFile, signal } = options;
  signal.throwIfAborted();
  const log = openLog(logFile);
  const logStart = fstatSync(log).size;
  const child = spawn(process.execPath, ['--import', parentModule, ...options.args], {
    cwd: root,
    env: { ...process.env, ...options.env, MEDLOOM_PARENT_PIPE: '1' },
    stdio: ['pipe', 'pipe', log],
    detached: true,
  });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error(`${name} has no pipes.`);
  // Losing the pipe is how a child learns of our end; ours is not harmed by the child's.
  stdin.on('error', () => undefined);
  // Read whatever becomes of the log: a program whose output is not taken stands still.
  let complained = false;
  stdout.on('data', (bytes: Buffer) => {
    try {
      appendFileSync(log, bytes);
    } catch (error) {
      if (!complained) options.say(`! ${name} goes on, but its log cannot be written: ${String(error)}`);
      complained = true;
    }
  });
  stdout.once('close', () => closeSync(log));
  let ended: string | undefined;
  const end = new Promise<void>((resolve) => {
    const note = (how: string) => {
      ended ??= how;
      resolve();
    };
    child.once('error', (error) => note(`could not be started: ${error.message}`));
    child.once('exit', (code, by) => note(by ? `was ended by ${by}` : `ended with code ${code}`));
  });
  const pid = child.pid ?? 0;
  const stop = async () => {
    if (ended !== undefined) return;
    child.kill('SIGTERM');
    const insist = setTimeout(() => killGroup(pid), options.stopWithinMs ?? 10_000);
    await end;
    clearTimeout(insist);
  };

  let announcement: unknown;
  const isReady =
    options.ready === 'line'
      ? readReadyLine(stdout).then((line) => {
          announcement = line;
        })
      : askUntil(options.ready, () => ended !== undefined || signal.aborted);
  const withinMs = options.readyWithinMs ?? 60_000;
  const outcome = await Promise.race([
    isReady.then(() => 'ready' as const),
    end.then(() => 'ended' as const),
    after(withinMs, signal),
  ]);
  if (outcome === 'ready' && ended === undefined) return { pid, end, stop, announcement };
  const how = ended === undefined ? `was not ready after ${withinMs / 1000} s` : ended;
  await stop();
  signal.throwIfAborted();
  const words = messages(await lastLines(logFile, { count: 40, from: logStart }));
  throw new StepError(`${name} ${how}. Its log ends:\n${indent(words)}`, {
    advice: adviceFor(words) ?? options.advice,
    logFile,
  });
}

/** Appends; a log that has grown large makes room first, and the one before it is kept. */
function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestLog) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** The end of a log without the frames of stacks, behind which the message would be lost. */
function messages(log: string): string {
  const lines = log.split('\n').filter((line) => !/^\s+at /.test(line) && line.trim() !== '');
  return lines.slice(-8).join('\n');
}

function readReadyLine(stream: NodeJS.ReadableStream): Promise<unknown> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => {
      if (!line.startsWith('{')) return;
      try {
        const value: unknown = JSON.parse(line);
        if (typeof value !== 'object' || value === null || !('ready' in value) || value.ready !== true) return;
        resolve(value);
        lines.removeAllListeners('line');
      } catch {
        // A line of the log that is not for us.
      }
    });
  });
}

async function askUntil(ready: () => Promise<boolean>, over: () => boolean): Promise<void> {
  while (!over()) {
    if (await ready().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await new Promise(() => undefined);
}

function after(ms: number, signal: AbortSignal): Promise<'late'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('late'), ms);
    timer.unref();
    signal.addEventListener('abort', () => resolve('late'), { once: true });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

export function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
