import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createAccessCode, formatAccessCode } from '#crypto/accessCode.ts';
import { redeemHashOf } from '#crypto/redeem.ts';
import { memoryDowntimeStore } from './downtimeStore.ts';
import type { VaultKeeper } from './keeper.ts';
import { newPerson, openKeeper, type TestPerson } from './testing.ts';

const log = 'inst-own';
const origin = 'https://medloom.example';
const code = createAccessCode();
let store = memoryDowntimeStore();
let rosa: TestPerson;
let elias: TestPerson;

beforeAll(async () => {
  [rosa, elias] = await Promise.all([newPerson('prac-rosa', 'PharmacyMSP'), newPerson('prac-elias', 'PharmacyMSP')]);
});
beforeEach(() => {
  store = memoryDowntimeStore();
});

/** The person's browser after a reload: nothing is in memory, and the store is what it was. */
const browserOf = (person: TestPerson) => openKeeper(person, { downtime: store });
const write = (keeper: VaultKeeper, entry: string) =>
  keeper.writeDowntime({ log, code: formatAccessCode(code), origin, entry });

it('numbers lines without gaps, also where two tabs write at once', async () => {
  const browser = await browserOf(rosa);
  const numbers = await Promise.all(['one', 'two', 'three'].map((entry) => write(browser, entry)));
  expect(numbers.sort()).toEqual([1, 2, 3]);
  const { lines, device } = await browser.readDowntime({ log });
  expect(lines.map(({ entry }) => entry).sort()).toEqual(['one', 'three', 'two']);
  expect(device).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}$/);
});

it('gives the page no access code, and the worker what redeems it', async () => {
  await write(await browserOf(rosa), 'entry');
  const reloaded = await browserOf(rosa);
  const asked = { id: `rx-0-${'a'.repeat(26)}`, redeemHash: redeemHashOf(code) };
  await expect(reloaded.composeAccept(asked)).rejects.toMatchObject({ code: 'CODE_MISSING' });
  const [line] = (await reloaded.readDowntime({ log })).lines;
  expect(line).toEqual({ number: 1, entry: 'entry', progress: null, redeemHash: redeemHashOf(code) });
  expect(await reloaded.composeAccept(asked)).toMatchObject({ kind: 'accept' });
});

it('keeps nothing in clear, and opens to its writer alone', async () => {
  await write(await browserOf(rosa), 'Jonas Lind');
  const colleague = await browserOf(elias);
  expect(await colleague.readDowntime({ log })).toMatchObject({ lines: [], sealed: [1] });
  const [row] = store.rows.values();
  expect(Buffer.from(row?.entry ?? []).toString('latin1')).not.toContain('Jonas');
  await expect(colleague.keepDowntime({ log, number: 1, progress: '{}' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await write(colleague, 'other')).toBe(2);
});

it('keeps how far a line is without touching what was written', async () => {
  const browser = await browserOf(rosa);
  await write(browser, 'entry');
  const before = store.rows.get(`${log}/000001`)?.entry;
  await browser.keepDowntime({ log, number: 1, progress: '{"state":"done"}' });
  expect((await browser.readDowntime({ log })).lines).toMatchObject([{ entry: 'entry', progress: '{"state":"done"}' }]);
  expect(store.rows.get(`${log}/000001`)?.entry).toBe(before);
});

it('does not open a line that was moved to another number', async () => {
  const browser = await browserOf(rosa);
  await write(browser, 'entry');
  const row = store.rows.get(`${log}/000001`);
  if (row === undefined) throw new Error('nothing was written');
  await store.add(log, 2, row);
  expect(await browser.readDowntime({ log })).toMatchObject({ lines: [{ number: 1 }], sealed: [2] });
});

it('takes no code that is none', async () => {
  const browser = await browserOf(rosa);
  const bad = browser.writeDowntime({ log, code: 'ABCD', origin, entry: 'entry' });
  await expect(bad).rejects.toMatchObject({ code: 'ACCESS_CODE_LENGTH' });
  expect(store.rows.size).toBe(0);
});
