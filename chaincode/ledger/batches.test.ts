import { Context } from 'fabric-contract-api';
import { afterEach, expect, it } from 'vitest';
import { findCarriersBy, readStates, type State, writeStates } from './batches.ts';

const ctx = new Context();
const states: State[] = [
  ['a', Buffer.from('1')],
  ['b', undefined],
  ['c', Buffer.from('3')],
];
let sent: string[][];

afterEach(() => findCarriersBy(() => undefined));

it('puts as many keys into a message as the peer takes, in their order', async () => {
  sent = [];
  findCarriersBy(() => ({
    mostReads: 2,
    mostWrites: 1,
    read: async (_ctx, keys) => {
      sent.push([...keys]);
      return keys.map((key) => Buffer.from(`value of ${key}`));
    },
    write: async (_ctx, part) => {
      sent.push(part.map(([key]) => key));
    },
  }));
  const values = await readStates(ctx, ['a', 'b', 'c']);
  expect(values.map(String)).toEqual(['value of a', 'value of b', 'value of c']);
  await writeStates(ctx, states);
  expect(sent).toEqual([['a', 'b'], ['c'], ['a'], ['b'], ['c']]);
});

it('asks for each key by itself where the peer takes no more', async () => {
  sent = [];
  const stub = {
    getState: async (key: string) => Buffer.from(key),
    putState: async (key: string) => void sent.push(['put', key]),
    deleteState: async (key: string) => void sent.push(['delete', key]),
  };
  const plain = Object.assign(new Context(), { stub });
  expect((await readStates(plain, ['a', 'b'])).map(String)).toEqual(['a', 'b']);
  await writeStates(plain, states);
  expect(sent).toEqual([
    ['put', 'a'],
    ['delete', 'b'],
    ['put', 'c'],
  ]);
});
