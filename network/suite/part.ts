import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const logDir = join(root, '.medloom', 'logs', 'test');

/** What a part of the tests came to. */
export interface Outcome {
  passed: number;
  failed: number;
  /** The text of each failure. */
  failures: string[];
  /** Why the part was left out; it has no tests then. */
  skipped?: string;
}

export interface ToolResult {
  code: number;
  /** What the tool wrote, without colours. */
  output: string;
  logFile: string;
}

const running = new Set<number>();

/**
 * Runs a Node script to its end, with its output in a log of that name. A tool that takes longer than `withinMs` is ended,
 * which counts as a failure of the part.
 */
export function runTool(
  name: string,
  command: string,
  args: string[],
  options: { env?: Record<string, string>; withinMs?: number } = {},
): Promise<ToolResult> {
  const logFile = join(logDir, `${name}.log`);
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...options.env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    const pid = child.pid ?? 0;
    if (pid) running.add(pid);
    const withinMs = options.withinMs ?? 15 * 60_000;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endGroup(pid, 'SIGTERM');
      setTimeout(() => endGroup(pid, 'SIGKILL'), 20_000).unref();
    }, withinMs);
    const finish = (code: number, note: string) => {
      clearTimeout(timer);
      running.delete(pid);
      const output = stripColours(readFileSync(logFile, 'utf8'));
      resolve({ code, output: note ? `${output}\n${note}` : output, logFile });
    };
    child.once('error', (error) => finish(1, error.message));
    child.once('exit', (code, signal) => {
      if (late) finish(1, `It was ended after ${withinMs / 60_000} minutes.`);
      else finish(code ?? 1, signal ? `It was ended by ${signal}.` : '');
    });
  });
}

/** Runs a script of an installed package or of this project under the Node that runs this. */
export function runScript(
  name: string,
  args: string[],
  options: { env?: Record<string, string>; withinMs?: number } = {},
): Promise<ToolResult> {
  return runTool(name, process.execPath, args, options);
}

/** Ends every tool that still runs, with all that it started. */
export function endTools(): void {
  for (const pid of running) endGroup(pid, 'SIGTERM');
}

function endGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

function stripColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '');
}

/** The last lines of a text. */
export function tail(text: string, count = 60): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
