import { ledger as ledgerProtos } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { gatewayError, text } from '../../devnet/testing/client.ts';
import type { Ledger } from '../ledger.ts';
import { at, type Committed, commit, sha256Hex } from '../transaction.ts';

/** Ranges and pages: what comes, in which order, and what a transaction records of it. */
export function checkIterators(ledger: () => Ledger): void {
  const contract = () => ledger().contract('alpha');
  const run = (...call: string[]) => commit(ledger().channel('alpha'), contract(), call);
  const read = async (...[name = '', ...args]: string[]) =>
    JSON.parse(text(await contract().evaluateTransaction(name, ...args)));

  it.each([0, 1, 99, 100, 101, 250])('iterates over %i rows', async (count) => {
    const prefix = `i-rows-${count}-`;
    const keys = Array.from({ length: count }, (_, index) => rowKey(prefix, index));
    await run('putMany', prefix, String(count));
    expect(await read('list', prefix, `${prefix}~`)).toEqual(keys);
  });

  it('holds the start and not the end', async () => {
    for (const suffix of ['a', 'b', 'c']) await run('put', `i-bounds-${suffix}`, 'x');
    expect(await read('list', 'i-bounds-a', 'i-bounds-c')).toEqual(['i-bounds-a', 'i-bounds-b']);
    expect(await read('list', 'i-bounds-c', 'i-bounds-a')).toEqual([]);
    expect(await read('list', 'i-bounds-a', 'i-bounds-a')).toEqual([]);
  });

  it('goes from the first key and to the last where a bound is empty', async () => {
    await run('put', '!i-first', 'x');
    await run('put', '~~i-last', 'x');
    expect(await read('list', '', '"')).toEqual(['!i-first']);
    expect(await read('list', '~~', '')).toEqual(['~~i-last']);
  });

  it('sorts by the bytes of UTF-8', async () => {
    const keys = ['i-u-Z', 'i-u-z', 'i-u-é', 'i-u-\uff5e', 'i-u-\u{1f600}'];
    for (const key of keys.toReversed()) await run('put', key, 'x');
    expect(await read('list', 'i-u-', 'i-v')).toEqual(keys);
  });

  describe('pages', () => {
    const page = (size: number, bookmark: string, prefix = 'i-page-') =>
      read('page', prefix, `${prefix}~`, String(size), bookmark);

    it('have the next key as the bookmark', async () => {
      await run('putMany', 'i-page-', '5');
      const key = (index: number) => `i-page-000${index}`;
      expect(await page(2, '')).toEqual({ keys: [key(0), key(1)], bookmark: key(2), count: 2 });
      expect(await page(2, key(2))).toEqual({ keys: [key(2), key(3)], bookmark: key(4), count: 2 });
      expect(await page(2, key(4))).toEqual({ keys: [key(4)], bookmark: '', count: 1 });
    });

    it('may be as large as the range, or larger', async () => {
      expect(await page(5, '')).toMatchObject({ bookmark: '', count: 5 });
      expect(await page(6, '')).toMatchObject({ bookmark: '', count: 5 });
    });

    it('may begin where there is no key, and beyond the end', async () => {
      expect(await page(2, 'i-page-0002a')).toMatchObject({ keys: ['i-page-0003', 'i-page-0004'], bookmark: '' });
      expect(await page(2, 'i-page-~~')).toEqual({ keys: [], bookmark: '', count: 0 });
    });

    it.each([99, 100, 101, 250])('hold %i rows of 260', async (size) => {
      if (size === 99) await run('putMany', 'i-large-', '260');
      const { keys, bookmark, count } = await page(size, '', 'i-large-');
      expect([keys.length, bookmark, count]).toEqual([size, `i-large-${String(size).padStart(4, '0')}`, size]);
    });

    it('cannot be followed by a write', async () => {
      const error = await gatewayError(contract().submitTransaction('pageThenPut', 'i-page-', 'i-page-~', '2'));
      expect(error.details[0]?.message).toMatch(
        /^chaincode response 500, PUT_STATE failed: transaction ID: \w{64}: txid \[\w{64}\]: unsuppored transaction. Transaction has already performed a paginated query. Writes are not allowed$/,
      );
    });
  });

  describe('read-write sets', () => {
    it('record what was fetched of a half-read range, a hundred rows at a time', async () => {
      const written = await run('putMany', 'i-half-', '150');
      const { sets } = await run('tallySome', 'i-half-', 'i-half-~', '3', 'i-half-total');
      const hashes = expectedHashes('i-half-', 101, written);
      expect(sets.probe?.ranges).toEqual([
        { from: 'i-half-', to: 'i-half-0100', exhausted: false, summary: { degree: 50, level: 1, hashes } },
      ]);
    });

    it('record 50 rows one by one', async () => {
      const place = at(await run('putMany', 'i-few-', '50'));
      const { sets } = await run('tally', 'i-few-', 'i-few-~', 'i-total');
      const reads = Array.from({ length: 50 }, (_, index) => `${rowKey('i-few-', index)}@${place}`);
      expect(sets.probe?.ranges).toEqual([{ from: 'i-few-', to: 'i-few-~', exhausted: true, reads }]);
    });

    it.each([51, 120, 250])('record %i rows by the hashes of fifty-one each', async (rows) => {
      const prefix = `i-sum-${rows}-`;
      const written = await run('putMany', prefix, String(rows));
      const { sets } = await run('tally', prefix, `${prefix}~`, `i-total-${rows}`);
      const hashes = expectedHashes(prefix, rows, written);
      expect(sets.probe?.ranges).toEqual([
        { from: prefix, to: `${prefix}~`, exhausted: true, summary: { degree: 50, level: 1, hashes } },
      ]);
    });
  });
}

function rowKey(prefix: string, index: number): string {
  return `${prefix}${String(index).padStart(4, '0')}`;
}

/** The leaves of the tree over so many rows of `putMany`: a leaf is cut when it holds more than the degree, 50. */
function expectedHashes(prefix: string, rows: number, { blockNumber, index }: Committed): string[] {
  const hashes: string[] = [];
  for (let first = 0; first < rows; first += 51) {
    const reads = new ledgerProtos.rwset.kvrwset.QueryReads();
    for (let row = first; row < Math.min(first + 51, rows); row += 1) {
      const version = new ledgerProtos.rwset.kvrwset.Version();
      version.setBlockNum(Number(blockNumber));
      version.setTxNum(index);
      const read = reads.addKvReads();
      read.setKey(rowKey(prefix, row));
      read.setVersion(version);
    }
    hashes.push(sha256Hex(reads.serializeBinary()));
  }
  return hashes;
}
