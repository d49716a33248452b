import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runNode } from './build.ts';

const dir = mkdtempSync(join(tmpdir(), 'medloom-build-'));
const logFile = join(dir, 'build.log');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const run = (script: string, signal = new AbortController().signal) =>
  runNode('The portal', ['-e', script], { logFile, signal });

describe('a build', () => {
  it('keeps its output in the log', async () => {
    await run(`console.log('compiled')`);
    expect(readFileSync(logFile, 'utf8')).toBe('compiled\n');
  });

  it.each([
    [`console.error('app/page.tsx: Expected ;'); process.exit(1)`, 'ended with code 1', /mend what the log names/],
    [`console.error('ENOSPC: no space left on device'); process.exit(1)`, 'ended with code 1', /free some space/],
    [`process.kill(process.pid, 'SIGKILL')`, 'was ended by SIGKILL', /memory/],
  ])('that fails says how, what to do and where the log is: %s', async (script, how, advice) => {
    await expect(run(script)).rejects.toMatchObject({
      message: expect.stringContaining(`The portal could not be built: it ${how}`),
      advice: expect.stringMatching(advice),
      logFile,
    });
  });

  it('ends when the start is given up', async () => {
    const abort = new AbortController();
    const running = run('setInterval(() => {}, 1000)', abort.signal);
    abort.abort(new Error('not now'));
    await expect(running).rejects.toThrow('not now');
  });
});
