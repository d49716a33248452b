import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peer } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestLedger, type TestTransaction } from '../testing/ledger.ts';
import type { RangeRead } from './rwset.ts';

const { VALID, PHANTOM_READ_CONFLICT, MVCC_READ_CONFLICT } = peer.TxValidationCode;
const nameOf = (index: number) => `k${String(index).padStart(4, '0')}`;
let folder: string;
let ledger: TestLedger;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-conflicts-'));
  ledger = await TestLedger.open(folder);
});

afterEach(async () => {
  await ledger.channel.close();
  await rm(folder, { recursive: true, force: true });
});

const put = (key: string) => ledger.transaction((set) => set.write('probe', key, Buffer.from('x')));
const remove = (key: string) => ledger.transaction((set) => set.write('probe', key, Buffer.alloc(0)));

/** A transaction that read `count` keys from k0000 on, in the first block, to the end of the range or not. */
function scan(count: number, exhausted: boolean): TestTransaction {
  const keys = Array.from({ length: count }, (_, index) => nameOf(index));
  const range: RangeRead = {
    start: 'k',
    end: exhausted ? 'l' : (keys.at(-1) ?? ''),
    exhausted,
    reads: keys.map((key) => ({ key, version: { block: 1, tx: 0 } })),
  };
  return ledger.transaction((set) => {
    set.range('probe', range);
    set.write('probe', 'total', Buffer.from(String(count)));
  });
}

async function fill(count: number): Promise<void> {
  const filling = ledger.transaction((set) => {
    for (let index = 0; index < count; index += 1) set.write('probe', nameOf(index), Buffer.from('x'));
  });
  expect(await ledger.commit(filling)).toEqual([VALID]);
}

// One by one in the set up to 50, as a Merkle summary above.
describe.each([3, 50, 51, 130])('a range with %i keys', (count) => {
  beforeEach(() => fill(count));

  it('holds when nothing in it has changed', async () => {
    expect(await ledger.commit(put('j'), put('l'), scan(count, true), scan(count, false))).toEqual([
      VALID,
      VALID,
      VALID,
      VALID,
    ]);
  });

  it.each([
    ['a key that is added inside', () => put('k0000a')],
    ['a key that is added at its end', () => put('kz')],
    ['a key that is written again', () => put(nameOf(1))],
    ['a key that is deleted', () => remove(nameOf(count - 1))],
  ])('does not hold after %s, in an earlier block or earlier in the same', async (_case, change) => {
    expect(await ledger.commit(change(), scan(count, true))).toEqual([VALID, PHANTOM_READ_CONFLICT]);
    expect(await ledger.commit(scan(count, true))).toEqual([PHANTOM_READ_CONFLICT]);
  });

  it('holds when a key was put and deleted again in the same block', async () => {
    expect(await ledger.commit(put('k5'), remove('k5'), scan(count, true))).toEqual([VALID, VALID, VALID]);
  });

  it('that was left early does not tell of what lies behind the last key seen', async () => {
    const part = scan(count - 1, false);
    expect(await ledger.commit(put('kz'), remove(nameOf(count - 1)), part)).toEqual([VALID, VALID, VALID]);
    expect(await ledger.commit(remove(nameOf(count - 2)), scan(count - 1, false))).toEqual([
      VALID,
      PHANTOM_READ_CONFLICT,
    ]);
  });
});

describe('reads', () => {
  it('are checked against what the block has written and deleted so far', async () => {
    await fill(2);
    const read = (key: string, version?: { block: number; tx: number }) =>
      ledger.transaction((set) => set.read('probe', key, version));
    const committed = { block: 1, tx: 0 };
    expect(
      await ledger.commit(read(nameOf(0), committed), remove(nameOf(0)), read(nameOf(0), committed), read(nameOf(0))),
    ).toEqual([VALID, VALID, MVCC_READ_CONFLICT, MVCC_READ_CONFLICT]);
    expect(await ledger.commit(read(nameOf(0)), read(nameOf(1), { block: 0, tx: 0 }))).toEqual([
      VALID,
      MVCC_READ_CONFLICT,
    ]);
  });
});
