import { expect, it } from 'vitest';
import { findSent, forgetSent, keepSent, type SentTransaction } from './sentTransactions.ts';
import { storageInMemory } from './walletTesting.ts';

const at = Date.parse('2026-11-27T12:00:00.000Z');
const day = 86_400_000;
const sent = (key: string): SentTransaction => ({
  ...{ key, chainId: 31_337, from: `0x${'1'.repeat(40)}`, to: `0x${'2'.repeat(40)}`, data: '0xab', value: '0' },
  ...{ nonce: 3, isSeen: false, hash: `0x${'3'.repeat(64)}`, at },
});

it('remembers what was sent for one thing until it is over', () => {
  const storage = storageInMemory();
  keepSent({ ...sent('pay/1'), hash: null }, storage, at);
  keepSent(sent('pay/2'), storage, at);
  keepSent(sent('pay/1'), storage, at);
  expect(findSent('pay/1', storage, at)).toEqual(sent('pay/1'));
  forgetSent('pay/1', storage, at);
  expect(findSent('pay/1', storage, at)).toBeUndefined();
  expect(findSent('pay/2', storage, at)).toEqual(sent('pay/2'));
});

it('remembers for a week, and twenty at most, the newest', () => {
  const storage = storageInMemory();
  for (let n = 0; n < 21; n += 1) keepSent(sent(`pay/${n}`), storage, at);
  expect(findSent('pay/0', storage, at)).toBeUndefined();
  expect(findSent('pay/20', storage, at + 7 * day - 1)).toEqual(sent('pay/20'));
  expect(findSent('pay/20', storage, at + 7 * day)).toBeUndefined();
});

it('takes nothing that is no transaction, from others or from here', () => {
  for (const kept of ['no', '{}', '[{"key":"pay/1"}]', JSON.stringify([{ ...sent('pay/1'), hash: '0x12' }])]) {
    const storage = { ...storageInMemory(), getItem: () => kept };
    expect(findSent('pay/1', storage, at)).toBeUndefined();
  }
  const storage = storageInMemory();
  for (const wrong of [{ data: `0x${'0'.repeat(20_000)}` }, { value: '-1' }, { from: '0x1' }, { key: '' }])
    expect(() => keepSent({ ...sent('pay/1'), ...wrong } as SentTransaction, storage, at)).toThrow();
});
