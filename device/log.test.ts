import { appendFileSync, mkdtempSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { utf8 } from '#crypto/bytes.ts';
import { AppendLog } from './log.ts';

const newFile = () => join(mkdtempSync(join(tmpdir(), 'medloom-log-')), 'log');
const words = (entries: Uint8Array[]) => entries.map((entry) => Buffer.from(entry).toString());

async function reopened(file: string): Promise<string[]> {
  const { log, entries } = await AppendLog.open(file);
  await log.close();
  return words(entries);
}

it('keeps what was appended, in order, also of many at once', async () => {
  const file = newFile();
  const { log, entries } = await AppendLog.open(file);
  expect(entries).toEqual([]);
  const all = Array.from({ length: 200 }, (_, index) => `entry ${index}`);
  await Promise.all(all.map((word) => log.append([utf8(word)])));
  await log.append([utf8('two'), utf8('at once')]);
  expect(log.size).toBe(statSync(file).size);
  await log.close();
  expect(await reopened(file)).toEqual([...all, 'two', 'at once']);
});

it('is for its owner alone', async () => {
  const file = newFile();
  await (await AppendLog.open(file)).log.close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it.each(Array.from({ length: 14 }, (_, cut) => cut))(
  'cuts off an end that is torn by %i bytes, and goes on',
  async (cut) => {
    const file = newFile();
    const { log } = await AppendLog.open(file);
    await log.append([utf8('first')]);
    await log.append([utf8('second')]);
    await log.close();
    truncateSync(file, statSync(file).size - cut);
    const left = cut === 0 ? ['first', 'second'] : ['first'];
    const again = await AppendLog.open(file);
    expect(words(again.entries)).toEqual(left);
    await again.log.append([utf8('third')]);
    await again.log.close();
    expect(await reopened(file)).toEqual([...left, 'third']);
  },
);

it('does not take an end of other bytes for an entry', async () => {
  const file = newFile();
  const { log } = await AppendLog.open(file);
  await log.append([utf8('first')]);
  await log.close();
  appendFileSync(file, Buffer.from([0, 0, 0, 3, 1, 2, 3, 4, 97, 98, 99]));
  expect(await reopened(file)).toEqual(['first']);
});

it('is replaced in one step, and appended to afterwards', async () => {
  const file = newFile();
  const { log } = await AppendLog.open(file);
  await log.append([utf8('old')]);
  await log.replace(() => [utf8('new')]);
  await log.replace(() => undefined);
  await log.append([utf8('newer')]);
  expect(log.size).toBe(readFileSync(file).length);
  await log.close();
  expect(await reopened(file)).toEqual(['new', 'newer']);
});
