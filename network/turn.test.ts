import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startOf } from './processInfo.ts';
import { takeTurn } from './turn.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'medloom-turn-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const never = new AbortController().signal;

it('lets one work after the other', async () => {
  const file = join(dir, 'turn');
  const order: string[] = [];
  const first = await takeTurn(file, never);
  const second = takeTurn(file, never).then((release) => {
    order.push('second');
    release();
  });
  order.push('first ends');
  first();
  await second;
  expect(order).toEqual(['first ends', 'second']);
  expect(existsSync(file)).toBe(false);
});

it('takes over from a process that is gone', async () => {
  const file = join(dir, 'turn');
  writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'earlier' }));
  (await takeTurn(file, never))();
});

it('is taken over by one of several that find it left', async () => {
  const file = join(dir, 'turn');
  writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'earlier' }));
  let working = 0;
  const most: number[] = [];
  const work = async () => {
    const release = await takeTurn(file, never);
    most.push(++working);
    // Whoever has it wrongly gets there in the time of one more look.
    await startOf(process.pid);
    working--;
    release();
  };
  await Promise.all([work(), work(), work()]);
  expect(most).toEqual([1, 1, 1]);
  expect(readdirSync(dir)).toEqual([]);
});

it('is taken over though a takeover was cut short', async () => {
  const file = join(dir, 'turn');
  for (const name of [file, `${file}.takeover`])
    writeFileSync(name, JSON.stringify({ pid: process.pid, started: 'earlier' }));
  (await takeTurn(file, never))();
  expect(readdirSync(dir)).toEqual([]);
});

it('stops waiting when asked to', async () => {
  const file = join(dir, 'turn');
  const release = await takeTurn(file, never);
  const abort = new AbortController();
  const waiting = takeTurn(file, abort.signal);
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  release();
});
