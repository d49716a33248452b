import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
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

it('stops waiting when asked to', async () => {
  const file = join(dir, 'turn');
  const release = await takeTurn(file, never);
  const abort = new AbortController();
  const waiting = takeTurn(file, abort.signal);
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  release();
});
