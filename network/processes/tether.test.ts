import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { inspectProcess, waitUntilGone } from './inspect.ts';
import { startTethered } from './tether.ts';

const dir = mkdtempSync(join(tmpdir(), 'medloom-tether-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const sleeper = { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], env: {} };

it('ends with its parent, also where that is killed', async () => {
  const source = `
    import { startTethered } from ${JSON.stringify(new URL('./tether.ts', import.meta.url).href)};
    const { pid } = await startTethered(${JSON.stringify({ ...sleeper, logFile: join(dir, 'log') })});
    console.log(pid);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(String(line));
  // The id is the program's own and not a shell's, so that it can be stopped and measured.
  await expect.poll(async () => (await inspectProcess(pid))?.command).toContain('setInterval');
  parent.kill('SIGKILL');
  expect(await waitUntilGone(pid, 10_000)).toBe(true);
});

it('is stopped in order, and says how it ended', async () => {
  const child = await startTethered({ ...sleeper, logFile: join(dir, 'stopped') });
  await child.stop();
  expect(child.ended()).toBe('was ended by SIGTERM');
});

it('passes its output on by lines, and keeps it', async () => {
  const lines: string[] = [];
  const logFile = join(dir, 'lines');
  const script = "console.log('one'); console.error('two')";
  const child = await startTethered({
    ...{ ...sleeper, args: ['-e', script], logFile },
    onLine: (line) => lines.push(line),
  });
  await child.end;
  await expect.poll(() => lines.toSorted()).toEqual(['one', 'two']);
  expect(readFileSync(logFile, 'utf8').split('\n').toSorted()).toEqual(['', 'one', 'two']);
});
