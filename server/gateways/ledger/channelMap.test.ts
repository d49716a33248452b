import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChannelMap } from '#chaincode/model/channelMap.ts';
import { AppError, type ErrorCode } from '#server/errors.ts';
import { careChannelsInForce } from './channelMap.ts';

let versions: ChannelMap[];
let reached: string[];
let asked: string[];
let failure: ErrorCode | undefined;
let inForce: () => Promise<string[]>;

beforeEach(() => {
  vi.useFakeTimers();
  versions = [
    { version: 1, care: ['care-0'], supply: [] },
    { version: 2, care: ['care-0', 'care-1'], supply: [] },
  ];
  [reached, asked, failure] = [['care-0', 'care-1'], [], undefined];
  const read = async (version: string) => {
    asked.push(version);
    if (failure !== undefined) throw new AppError(failure, 'in this test');
    const map = version === 'newest' ? versions.at(-1) : versions.find((one) => `${one.version}` === version);
    if (map === undefined) throw new AppError('NOT_FOUND', version);
    return map;
  };
  inForce = careChannelsInForce(read, (channel) => reached.includes(channel));
});
afterEach(() => vi.useRealTimers());

it('are those of the newest version, asked for once in a while', async () => {
  expect(await Promise.all([inForce(), inForce()])).toEqual([
    ['care-0', 'care-1'],
    ['care-0', 'care-1'],
  ]);
  expect(asked).toEqual(['newest']);
  versions.push({ version: 3, care: ['care-0', 'care-1', 'care-2'], supply: [] });
  reached.push('care-2');
  expect(await inForce()).toEqual(['care-0', 'care-1']);
  vi.advanceTimersByTime(5_000);
  expect(await inForce()).toEqual(['care-0', 'care-1', 'care-2']);
});

it('are those of an older version while the profile lacks a channel of the newest', async () => {
  reached = ['care-0'];
  expect(await inForce()).toEqual(['care-0']);
  reached.push('care-1');
  vi.advanceTimersByTime(5_000);
  expect(await inForce()).toEqual(['care-0', 'care-1']);
  reached = [];
  vi.advanceTimersByTime(5_000);
  await expect(inForce()).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

it('stay known while the registry is away, and are not guessed before', async () => {
  failure = 'LEDGER_UNAVAILABLE';
  await expect(inForce()).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  failure = undefined;
  await inForce();
  failure = 'LEDGER_UNAVAILABLE';
  vi.advanceTimersByTime(5_000);
  expect(await inForce()).toEqual(['care-0', 'care-1']);
  failure = 'INTERNAL';
  await expect(inForce()).rejects.toMatchObject({ code: 'INTERNAL' });
});

it('are none where no map is published', async () => {
  versions = [];
  await expect(inForce()).rejects.toMatchObject({
    code: 'WRONG_STATE',
    detail: expect.stringContaining('no channel map'),
  });
});
