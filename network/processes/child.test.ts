import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { endChildrenAtOnce, startChild } from './child.ts';

const dir = mkdtempSync(join(tmpdir(), 'medloom-child-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('is ended at once with the others, each by the signal that it survives best', async () => {
  const sleeper = { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], logFile: join(dir, 'log') };
  const hard = await startChild(sleeper);
  const soft = await startChild({ ...sleeper, urgentSignal: 'SIGTERM' });
  endChildrenAtOnce();
  await Promise.all([hard.end, soft.end]);
  expect(hard.ended()).toBe('ended by SIGKILL');
  expect(soft.ended()).toBe('ended by SIGTERM');
});
