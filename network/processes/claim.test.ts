import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { readClaim, writeClaim } from './claim.ts';

let folder = '';
let file = '';
let end = async () => {};
let pid = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-claim-'));
  file = join(folder, 'claim');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'daemon'], { stdio: 'ignore' });
  await once(child, 'spawn');
  pid = child.pid ?? 0;
  end = async () => {
    if (child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
});
afterEach(async () => {
  await end();
  await rm(folder, { recursive: true, force: true });
});

async function change(part: Record<string, unknown>): Promise<void> {
  const claim = z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, JSON.stringify({ ...claim, ...part }));
}

it('is owned while its owner lives, orphaned without, and free when its program is gone', async () => {
  await writeClaim(file, { pid, address: 'here' });
  expect(await readClaim(file)).toMatchObject({ state: 'owned', claim: { pid, owner: process.pid, address: 'here' } });
  await change({ owner: 2 ** 22 + 1 });
  expect(await readClaim(file)).toMatchObject({ state: 'orphaned' });
  await end();
  expect(await readClaim(file)).toEqual({ state: 'free' });
});

it('takes no other program with the same id and the same words for the one that claimed', async () => {
  await writeClaim(file, { pid, address: 'here' });
  await change({ owner: 2 ** 22 + 1, started: '1' });
  expect(await readClaim(file)).toEqual({ state: 'free' });
});

it('is free where it is missing or damaged', async () => {
  expect(await readClaim(file)).toEqual({ state: 'free' });
  await writeFile(file, '{"pid":');
  expect(await readClaim(file)).toEqual({ state: 'free' });
});
