import { peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { text } from '../../devnet/testing/client.ts';
import type { Ledger } from '../ledger.ts';
import { type Committed, commit, inOneBlock, settled } from '../transaction.ts';

const { VALID, MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT } = peer.TxValidationCode;

/** What a block makes of transactions that read what others write. */
export function checkConflicts(ledger: () => Ledger): void {
  const contract = () => ledger().contract('alpha');
  const run = (...call: string[]) => commit(ledger().channel('alpha'), contract(), call);
  const endorse = ([name = '', ...args]: readonly string[]) =>
    contract().newProposal(name, { arguments: args }).endorse();
  const codes = (outcomes: readonly Committed[]) => outcomes.map(({ code }) => code);
  /** Endorsed on the state before, all; then in one block, in this order. */
  const block = (
    calls: (attempt: string) => readonly (readonly string[])[],
    before?: (attempt: string) => Promise<unknown>,
  ) =>
    inOneBlock(ledger().channel('alpha'), async (attempt) => {
      await before?.(attempt);
      return Promise.all(calls(attempt).map(endorse));
    });
  const value = async (key: string) => text(await contract().evaluateTransaction('get', key));
  /** Endorses one call, commits another, and then the first. */
  const overtaken = async (call: readonly string[], ...others: readonly (readonly string[])[]) => {
    const endorsed = await endorse(call);
    for (const other of others) await run(...other);
    return (await settled(ledger().channel('alpha'), await endorsed.submit())).code;
  };

  describe('MVCC', () => {
    it('lets the first of two in a block win that read the same key', async () => {
      const { attempt, outcomes } = await block((n) => [
        ['count', `m-two-${n}`],
        ['count', `m-two-${n}`],
      ]);
      expect(codes(outcomes)).toEqual([VALID, MVCC_READ_CONFLICT]);
      expect(await value(`m-two-${attempt}`)).toBe('1');
    });

    it('refuses a read of what an earlier block wrote, removed or made', async () => {
      await run('put', 'm-old', '1');
      expect(await overtaken(['count', 'm-old'], ['put', 'm-old', '1'])).toBe(MVCC_READ_CONFLICT);
      expect(await overtaken(['count', 'm-old'], ['remove', 'm-old'])).toBe(MVCC_READ_CONFLICT);
      expect(await overtaken(['count', 'm-new'], ['put', 'm-new', '1'])).toBe(MVCC_READ_CONFLICT);
    });

    it('refuses a read of an absent key that was made and removed meanwhile only while it is there', async () => {
      expect(await overtaken(['count', 'm-brief'], ['put', 'm-brief', '1'], ['remove', 'm-brief'])).toBe(VALID);
    });

    it('accepts blind writes of one key in one block, the later one last', async () => {
      const { attempt, outcomes } = await block((n) => [
        ['put', `m-blind-${n}`, 'first'],
        ['put', `m-blind-${n}`, 'second'],
      ]);
      expect(codes(outcomes)).toEqual([VALID, VALID]);
      expect(await value(`m-blind-${attempt}`)).toBe('second');
    });

    it('counts a removal in the same block as a change', async () => {
      const { outcomes } = await block(
        (n) => [
          ['remove', `m-del-${n}`],
          ['count', `m-del-${n}`],
        ],
        (n) => run('put', `m-del-${n}`, '1'),
      );
      expect(codes(outcomes)).toEqual([VALID, MVCC_READ_CONFLICT]);
    });

    it('counts a removal of an absent key in the same block as a change', async () => {
      const { outcomes } = await block((n) => [
        ['remove', `m-none-${n}`],
        ['count', `m-none-${n}`],
      ]);
      expect(codes(outcomes)).toEqual([VALID, MVCC_READ_CONFLICT]);
    });

    it('takes removal and writing in one block in their order', async () => {
      const put = await block(
        (n) => [
          ['remove', `m-dp-${n}`],
          ['put', `m-dp-${n}`, 'again'],
        ],
        (n) => run('put', `m-dp-${n}`, '1'),
      );
      expect([codes(put.outcomes), await value(`m-dp-${put.attempt}`)]).toEqual([[VALID, VALID], 'again']);
      const removed = await block((n) => [
        ['put', `m-pd-${n}`, 'x'],
        ['remove', `m-pd-${n}`],
      ]);
      expect([codes(removed.outcomes), await value(`m-pd-${removed.attempt}`)]).toEqual([[VALID, VALID], '']);
    });

    it('does not let a refused transaction stand in the way of the next', async () => {
      const { attempt, outcomes } = await block((n) => [
        ['count', `m-a-${n}`],
        ['countBoth', `m-a-${n}`, `m-b-${n}`],
        ['count', `m-b-${n}`],
      ]);
      expect(codes(outcomes)).toEqual([VALID, MVCC_READ_CONFLICT, VALID]);
      expect([await value(`m-a-${attempt}`), await value(`m-b-${attempt}`)]).toEqual(['1', '1']);
    });
  });

  // A range is recorded row by row, and as a summary of hashes where it has more than 50 rows.
  describe.each([
    ['below', 3],
    ['above', 120],
  ])('phantoms, %s the threshold of summaries', (name, rows) => {
    const prepared = async (title: string) => {
      const prefix = `p-${name}-${title}-`;
      await run('putMany', prefix, String(rows));
      return { prefix, tally: ['tally', prefix, `${prefix}~`, `total-${prefix}`] };
    };

    it('accepts an unchanged range, and one beside a change', async () => {
      const { prefix, tally } = await prepared('same');
      expect(
        await overtaken(tally, ['put', `${prefix}~`, 'at the end, which is outside'], ['put', 'p-elsewhere', 'x']),
      ).toBe(VALID);
    });

    it.each([
      ['appears at the front', (prefix: string) => ['put', `${prefix}0`, 'x']],
      ['appears in the middle', (prefix: string) => ['put', `${prefix}0001a`, 'x']],
      ['appears at the end', (prefix: string) => ['put', `${prefix}9`, 'x']],
      ['is removed', (prefix: string) => ['remove', `${prefix}0001`]],
      ['is written again', (prefix: string) => ['put', `${prefix}0001`, 'x']],
    ])('refuses a range in which a key %s', async (title, change) => {
      const { prefix, tally } = await prepared(title.replaceAll(' ', '-'));
      expect(await overtaken(tally, change(prefix))).toBe(PHANTOM_READ_CONFLICT);
    });

    it.each([
      ['made', (prefix: string) => ['put', `${prefix}0001a`, 'x']],
      ['removed', (prefix: string) => ['remove', `${prefix}0001`]],
      ['written', (prefix: string) => ['put', `${prefix}0001`, 'x']],
    ])('refuses a range in which a key is %s earlier in the block', async (title, change) => {
      const prefixOf = (attempt: string) => `p-${name}-block-${title}-${attempt}-`;
      const { outcomes } = await block(
        (n) => [change(prefixOf(n)), ['tally', prefixOf(n), `${prefixOf(n)}~`, `total-${prefixOf(n)}`]],
        (n) => run('putMany', prefixOf(n), String(rows)),
      );
      expect(codes(outcomes)).toEqual([VALID, PHANTOM_READ_CONFLICT]);
    });
  });

  it('looks at the hundred rows that were fetched of a half-read range, and not beyond', async () => {
    await run('putMany', 'p-half-', '150');
    const half = ['tallySome', 'p-half-', 'p-half-~', '3', 'p-half-total'];
    expect(await overtaken(half, ['put', 'p-half-0120', 'y'])).toBe(VALID);
    expect(await overtaken(half, ['put', 'p-half-0050', 'y'])).toBe(PHANTOM_READ_CONFLICT);
  });
}
