import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestLedger } from '../testing/ledger.ts';
import { renderRecord } from './renderRecord.ts';
import { blockRecords } from './transactionRecord.ts';

let folder = '';
let ledger: TestLedger;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-record-'));
  ledger = await TestLedger.open(folder);
});
afterAll(async () => {
  await ledger?.channel.close();
  await rm(folder, { recursive: true, force: true });
});

/** Commits one transaction and answers with the lines that tell of it, without its first and its id. */
async function told(...parameters: Parameters<TestLedger['transaction']>): Promise<{ first: string; rest: string[] }> {
  const transaction = ledger.transaction(...parameters);
  await ledger.keep(transaction);
  const number = ledger.channel.store.height;
  await ledger.commit(transaction);
  const block = ledger.channel.store.block(number);
  const [record] = block ? blockRecords('one', block) : [];
  const [first = '', id, ...rest] = record ? renderRecord(record).split('\n') : [];
  expect(id).toBe(`  txid ${transaction.txId}`);
  return { first, rest };
}

it('tells keys with their versions and sizes, and quotes what cannot be printed', async () => {
  const { first, rest } = await told((set) => {
    set.read('probe', 'plain', undefined);
    set.read('probe', 'read before', { block: 3, tx: 1 });
    set.write('probe', '\0owner\0a\0', Buffer.from('1234'));
    set.write('probe', 'gone', new Uint8Array());
  });
  expect(first).toMatch(/^one 1\.0 MVCC_READ_CONFLICT AlphaMSP probe/);
  expect(rest).toEqual([
    '  read probe plain absent',
    '  read probe "read before" of 3.1',
    '  write probe "\\u0000owner\\u0000a\\u0000", 4 bytes',
    '  delete probe gone',
  ]);
});

it('tells of private data by hashes only', async () => {
  const secret = Buffer.from('nobody else may know this');
  const { first, rest } = await told((set) => {
    set.writePrivate('probe', 'secrets', 'hidden-key', secret);
    set.writePrivate('probe', 'others', 'purged-key', new Uint8Array(), true);
  });
  expect(first).toMatch(/^one 2\.0 VALID AlphaMSP probe/);
  expect(rest).toEqual([
    expect.stringMatching(/^ {2}private purge probe others key [0-9a-f]{16}$/),
    expect.stringMatching(/^ {2}private put probe secrets key [0-9a-f]{16} value [0-9a-f]{16}$/),
  ]);
  for (const shown of [secret.toString(), secret.toString('hex'), 'hidden-key', 'purged-key'])
    expect([first, ...rest].join('\n')).not.toContain(shown);
});

it('tells what it can of a transaction that cannot be read', async () => {
  const { first, rest } = await told((set) => set.write('probe', 'key', Buffer.from('x')), {
    alter: (header) => header.setExtension$(Uint8Array.of(255)),
  });
  expect(first).toMatch(/^one 3\.0 [A-Z_]+ AlphaMSP ENDORSER_TRANSACTION/);
  expect(first).not.toContain('VALID ');
  expect(rest).toEqual([]);
});
