import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common, ledger as protos } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestLedger } from '../testing/ledger.ts';
import { createOrganisation } from '../testing/organisations.ts';
import { auditLedger } from './audit.ts';
import { setValidationCodes } from './block.ts';
import type { Database } from './database.ts';
import * as keys from './keys.ts';

let folder: string;
let ledger: TestLedger;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-audit-'));
  ledger = await TestLedger.open(folder);
  database = ledger.channel.store.database;
  const put = (key: string, value: string) => ledger.transaction((set) => set.write('probe', key, Buffer.from(value)));
  const secret = ledger.transaction((set) => set.writePrivate('probe', 'secrets', 'k', Buffer.from('secret')));
  const unendorsed = ledger.transaction((set) => set.write('probe', 'never', Buffer.from('x')), { endorsers: [] });
  await ledger.keep(secret);
  await ledger.commit(put('a', 'one'), put('gone', 'x'), secret, unendorsed);
  await ledger.commit(put('a', 'two'), put('gone', ''), put('\u{1f600}', 'three'));
});

afterEach(async () => {
  await ledger.channel.close();
  await rm(folder, { recursive: true, force: true });
});

const audit = () => auditLedger('one', database, ledger.ordererRootPem);

async function changeBlock(number: number, change: (block: common.Block) => void): Promise<void> {
  const block = common.Block.deserializeBinary((await database.get(keys.blockKey(number))) ?? new Uint8Array());
  change(block);
  await database.put(keys.blockKey(number), Buffer.from(block.serializeBinary()));
}

describe('auditLedger', () => {
  it('counts what a ledger in order holds', async () => {
    expect(await audit()).toEqual({ height: 3, transactions: 8, valid: 6, keys: 2, privateValues: 1 });
  });

  it.each([
    [
      'a changed value',
      'the state of probe/a is not',
      () => put(keys.stateKey('probe', 'a'), versioned(2, 0, 'other')),
    ],
    ['an older version', 'the state of probe/a is not', () => put(keys.stateKey('probe', 'a'), versioned(1, 0, 'two'))],
    ['a lost key', 'the state of probe/a is not', () => database.del(keys.stateKey('probe', 'a'))],
    [
      'a deleted key that is there',
      'the state of probe/gone is',
      () => put(keys.stateKey('probe', 'gone'), versioned(2, 1, 'x')),
    ],
    ['a key that nobody wrote', 'its state has 3 keys', () => put(keys.stateKey('probe', 'new'), versioned(1, 0, 'x'))],
    ['lost history', 'the history of probe/a is another', () => database.del(historyOfA())],
    ['made-up history', 'its history has 6 changes, its blocks have 5', madeUpHistory],
    [
      'a changed private value',
      'a private value of probe/secrets does not',
      () => put(keys.privateKey('probe', 'secrets', 'k'), versioned(1, 2, 'other')),
    ],
    ['an outcome under another code', 'its outcome is recorded otherwise', changedOutcome],
    [
      'a transaction made valid',
      'damaged at block 1: transaction',
      () => changeBlock(1, (block) => setValidationCodes(block, [0, 0, 0, 0])),
    ],
    [
      'outcomes missing',
      'at block 2: it has not one outcome',
      () => changeBlock(2, (block) => setValidationCodes(block, [0])),
    ],
    [
      'a block without its signature',
      'at block 2: the orderer has not signed it',
      () =>
        changeBlock(2, (block) =>
          block.getMetadata()?.setMetadataList([new Uint8Array(), new Uint8Array(), Buffer.alloc(3)]),
        ),
    ],
  ])('tells of %s', async (_case, message, change) => {
    await change();
    await expect(audit()).rejects.toThrow(message);
  });

  it('tells of blocks that another orderer signed', async () => {
    const stranger = await createOrganisation('AlphaMSP', false);
    await expect(auditLedger('one', database, stranger.ca.certPem)).rejects.toThrow('the orderer has not signed it');
  });
});

const put = (key: Buffer, value: Buffer) => database.put(key, value);
const versioned = (block: number, tx: number, value: string) => keys.encodeVersioned({ block, tx }, Buffer.from(value));
const historyOfA = () => keys.historyKey('probe', 'a', { block: 1, tx: 0 });

async function madeUpHistory(): Promise<void> {
  const change = new protos.queryresult.KeyModification();
  change.setValue(Buffer.from('two'));
  await put(keys.historyKey('probe', 'a', { block: 1, tx: 7 }), Buffer.from(change.serializeBinary()));
}

async function changedOutcome(): Promise<void> {
  for await (const [key, value] of database.iterator(keys.wholePrefix(Buffer.from('t'))))
    if (value.at(-1) === 0) return put(key, Buffer.concat([value.subarray(0, -1), Buffer.of(11)]));
}
