import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { wantedChannel } from './addChannel.ts';
import { noteChannel, readChannels, shardNameOf } from './addedChannels.ts';
import { channels } from './channels.ts';
import { growthOf } from './growLedger.ts';

const dir = mkdtempSync(join(tmpdir(), 'medloom-channels-'));
const file = join(dir, 'channels.json');
beforeEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('are kept behind those that a network begins with, each once', async () => {
  expect(readChannels(file)).toEqual(channels);
  for (const name of ['care-4', 'supply-2', 'care-4'] as const) await noteChannel(file, name);
  const [care, supply] = readChannels(file).slice(channels.length);
  expect(care).toEqual({ ...channels.find(({ name }) => name === 'care-0'), name: 'care-4' });
  expect(supply).toEqual({ ...channels.find(({ name }) => name === 'supply-0'), name: 'supply-2' });
  expect(readChannels(file)).toHaveLength(channels.length + 2);
});

it('are never guessed where their record is damaged', async () => {
  for (const damaged of ['["care-4"', '["claims"]', '["care-04"]']) {
    writeFileSync(file, damaged);
    expect(() => readChannels(file)).toThrow(file);
    await expect(noteChannel(file, 'care-5')).rejects.toThrow(file);
    expect(readFileSync(file, 'utf8')).toBe(damaged);
  }
});

it('are asked for by a kind that can grow, or by a name that a pseudonym can carry', () => {
  for (const wanted of ['care', 'supply', 'care-4', 'supply-9999']) expect(wantedChannel(wanted)).toBe(wanted);
  for (const other of ['claims', 'registry', 'care-', 'care-04', 'care-10000', 'Care', undefined])
    expect(() => wantedChannel(other)).toThrow(expect.objectContaining({ advice: expect.stringContaining('care-4') }));
  expect(shardNameOf('care-4 ')).toBeUndefined();
});

it('are not added to a ledger that others run', () => {
  mkdirSync(join(dir, 'ledger'), { recursive: true });
  for (const kind of ['devnet', 'fabric', 'compose', 'profile']) {
    writeFileSync(join(dir, 'ledger', 'kind'), kind);
    if (kind === 'profile') expect(() => growthOf(dir)).toThrow('run by others');
    else expect(growthOf(dir)).toBeTypeOf('function');
  }
});
