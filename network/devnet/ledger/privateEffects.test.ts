import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peer, ledger as protos } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestLedger, type TestTransaction } from '../testing/ledger.ts';
import { auditLedger } from './audit.ts';
import { sha256 } from './hash.ts';
import * as keys from './keys.ts';
import type { ReadWriteSet } from './rwset.ts';

const { VALID, MVCC_READ_CONFLICT } = peer.TxValidationCode;
let folder: string;
let ledger: TestLedger;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-private-'));
  ledger = await TestLedger.open(folder);
});

afterEach(async () => {
  // History, state and private values must be what the blocks say, whatever the case was.
  await auditLedger('one', ledger.channel.store.database, ledger.ordererRootPem);
  await ledger.channel.close();
  await rm(folder, { recursive: true, force: true });
});

const secret = (key: string, value: string, collection = 'secrets') =>
  ledger.transaction((set) => set.writePrivate('probe', collection, key, Buffer.from(value)));
const purge = (key: string, collection = 'secrets') =>
  ledger.transaction((set) => set.writePrivate('probe', collection, key, Buffer.alloc(0), true));
const tick = () => ledger.commit(ledger.transaction((set) => set.write('probe', 'tick', Buffer.from('x'))));

async function keepAndCommit(...transactions: readonly TestTransaction[]): Promise<number[]> {
  for (const transaction of transactions) await ledger.keep(transaction);
  return ledger.commit(...transactions);
}

/** Value and version of a private key, and whether its hash stands. */
function look(key: string, collection = 'secrets') {
  const { store } = ledger.channel;
  return {
    value: store.privateState('probe', collection, key)?.value.toString(),
    version: store.privateState('probe', collection, key)?.version.block,
    hashed: store.privateHash('probe', collection, sha256(key)) !== undefined,
  };
}
const gone = { value: undefined, version: undefined, hashed: false };

/** The keys in the write set of a transaction, as it is delivered. */
async function delivered(block: number, tx = 0): Promise<string[]> {
  const bytes = await ledger.channel.store.database.get(keys.privateWritesKey({ block, tx }));
  return protos.rwset.TxPvtReadWriteSet.deserializeBinary(bytes ?? Buffer.alloc(0))
    .getNsPvtRwsetList()
    .flatMap((namespace) => namespace.getCollectionPvtRwsetList())
    .flatMap((collection) =>
      protos.rwset.kvrwset.KVRWSet.deserializeBinary(collection.getRwset_asU8())
        .getWritesList()
        .map((write) => write.getKey()),
    );
}

describe('a purge', () => {
  it('takes value, hash and every mention of the key, the own one too, and leaves what comes after it', async () => {
    await keepAndCommit(secret('k', 'one'), secret('other', 'x'));
    await keepAndCommit(secret('k', 'two'));
    expect(await keepAndCommit(purge('k'))).toEqual([VALID]);
    expect(look('k')).toEqual(gone);
    expect([await delivered(1), await delivered(1, 1), await delivered(2), await delivered(3)]).toEqual([
      [],
      ['other'],
      [],
      [],
    ]);
    expect(await keepAndCommit(secret('k', 'three'))).toEqual([VALID]);
    expect(look('k')).toEqual({ value: 'three', version: 4, hashed: true });
    await tick();
    expect([look('k').value, await delivered(4)]).toEqual(['three', ['k']]);
  });

  it('of what is not there is valid, and changes the hash for those who read it in the same block', async () => {
    const read = ledger.transaction((set) => set.readHash('probe', 'secrets', 'k', undefined));
    expect(await keepAndCommit(purge('k'), read)).toEqual([VALID, MVCC_READ_CONFLICT]);
    expect(look('k')).toEqual(gone);
  });

  it('takes what was written before it in the same block, and nothing that is written after it', async () => {
    expect(await keepAndCommit(secret('k', 'before'), purge('k'), secret('k', 'after'))).toEqual([VALID, VALID, VALID]);
    expect(look('k')).toEqual({ value: 'after', version: 1, hashed: true });
    expect([await delivered(1, 0), await delivered(1, 1), await delivered(1, 2)]).toEqual([[], [], ['k']]);
    expect(await keepAndCommit(secret('k', 'again'), purge('k'))).toEqual([VALID, VALID]);
    expect([look('k'), await delivered(1, 2)]).toEqual([gone, []]);
  });

  it('takes the value also where its own private write set is missing', async () => {
    await keepAndCommit(secret('k', 'one'));
    expect(await ledger.commit(purge('k'))).toEqual([VALID]);
    expect([look('k'), await delivered(1)]).toEqual([gone, []]);
  });
});

/** Collection `fleeting` lets values live for one block after their own. */
describe('a time to live', () => {
  it('ends with the block after the last one in which the value lives', async () => {
    await keepAndCommit(secret('k', 'one', 'fleeting'));
    await tick();
    expect(look('k', 'fleeting')).toEqual({ value: 'one', version: 1, hashed: true });
    await tick();
    expect([look('k', 'fleeting'), await delivered(1)]).toEqual([gone, []]);
  });

  it('begins anew with each write, also in the block in which it would end', async () => {
    await keepAndCommit(secret('k', 'one', 'fleeting'));
    await keepAndCommit(secret('k', 'two', 'fleeting'));
    await tick();
    expect([look('k', 'fleeting').value, await delivered(1), await delivered(2)]).toEqual(['two', [], ['k']]);
    expect(await keepAndCommit(secret('k', 'three', 'fleeting'))).toEqual([VALID]);
    expect(look('k', 'fleeting')).toEqual({ value: 'three', version: 4, hashed: true });
  });

  it('begins anew with the metadata of the key', async () => {
    await keepAndCommit(secret('k', 'one', 'fleeting'));
    const parameter = new Map([['ANY', Buffer.from('x')]]);
    const set = (write: ReadWriteSet) => write.writePrivateMetadata('probe', 'fleeting', 'k', parameter);
    await keepAndCommit(ledger.transaction(set));
    await tick();
    expect(look('k', 'fleeting')).toEqual({ value: 'one', version: 2, hashed: true });
    await tick();
    expect(look('k', 'fleeting')).toEqual(gone);
  });

  it('ends for hashes whose values are missing', async () => {
    await ledger.commit(secret('k', 'one', 'fleeting'));
    expect(look('k', 'fleeting')).toEqual({ ...gone, hashed: true });
    await tick();
    await tick();
    expect(look('k', 'fleeting')).toEqual(gone);
  });

  it('leaves nothing behind of a value that was purged before its end, and spares its successor', async () => {
    await keepAndCommit(secret('k', 'one', 'fleeting'));
    await keepAndCommit(purge('k', 'fleeting'), secret('k', 'two', 'fleeting'));
    await tick();
    expect([look('k', 'fleeting').value, await delivered(2, 1)]).toEqual(['two', ['k']]);
    await tick();
    const left = await ledger.channel.store.database.keys({ gte: Buffer.from('e'), lt: Buffer.from('f') }).all();
    expect([look('k', 'fleeting'), left]).toEqual([gone, []]);
  });
});
