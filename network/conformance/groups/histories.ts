import { peer } from '@hyperledger/fabric-protos';
import { expect, it } from 'vitest';
import { text } from '../../devnet/testing/client.ts';
import type { Ledger } from '../ledger.ts';
import { commit, inOneBlock } from '../transaction.ts';

const { VALID, MVCC_READ_CONFLICT } = peer.TxValidationCode;

interface Change {
  txId: string;
  value: string;
  isDelete: boolean;
  seconds: number;
  nanos: number;
}

/** The history of a key: newest first, with removals, of valid transactions alone. */
export function checkHistories(ledger: () => Ledger): void {
  const contract = () => ledger().contract('alpha');
  const run = (...call: string[]) => commit(ledger().channel('alpha'), contract(), call);
  const history = async (key: string): Promise<Change[]> =>
    JSON.parse(text(await contract().evaluateTransaction('history', key)));

  it('tells every change, newest first, with its transaction and the time that the client gave it', async () => {
    const changes = [
      await run('put', 'h-told', 'one'),
      await run('put', 'h-told', 'two'),
      await run('remove', 'h-told'),
    ];
    const expected = changes.toReversed().map(({ txId, transaction }, index) => {
      const timestamp = transaction.channelHeader.getTimestamp();
      const [value, isDelete] =
        [
          ['', true],
          ['two', false],
          ['one', false],
        ][index] ?? [];
      return { txId, value, isDelete, seconds: timestamp?.getSeconds(), nanos: timestamp?.getNanos() };
    });
    expect(await history('h-told')).toEqual(expected);
  });

  it('is empty for a key that never was, and does not go to a key that begins alike', async () => {
    await run('put', 'h-alike-longer', 'x');
    expect(await history('h-alike')).toEqual([]);
  });

  it('has the writes of one block in the order of the block, reversed', async () => {
    const { attempt } = await inOneBlock(ledger().channel('alpha'), (n) =>
      Promise.all(
        ['first', 'second', 'third'].map((value) =>
          contract()
            .newProposal('put', { arguments: [`h-block-${n}`, value] })
            .endorse(),
        ),
      ),
    );
    expect((await history(`h-block-${attempt}`)).map(({ value }) => value)).toEqual(['third', 'second', 'first']);
  });

  it('leaves out what was refused', async () => {
    const { attempt, outcomes } = await inOneBlock(ledger().channel('alpha'), (n) =>
      Promise.all(
        [1, 2].map(() =>
          contract()
            .newProposal('count', { arguments: [`h-refused-${n}`] })
            .endorse(),
        ),
      ),
    );
    expect(outcomes.map(({ code }) => code)).toEqual([VALID, MVCC_READ_CONFLICT]);
    expect((await history(`h-refused-${attempt}`)).map(({ txId }) => txId)).toEqual([outcomes[0]?.txId]);
  });

  it('goes on after a removal', async () => {
    for (const value of ['one', '', 'two']) await run('put', 'h-again', value);
    expect((await history('h-again')).map(({ value, isDelete }) => [value, isDelete])).toEqual([
      ['two', false],
      ['', true],
      ['one', false],
    ]);
  });

  it('iterates over 101 changes', async () => {
    const endorsed = await Promise.all(
      Array.from({ length: 101 }, (_, index) =>
        contract()
          .newProposal('put', { arguments: ['h-many', `${index}`] })
          .endorse(),
      ),
    );
    const submitted = await Promise.all(endorsed.map((transaction) => transaction.submit()));
    await Promise.all(submitted.map((transaction) => transaction.getStatus()));
    const values = (await history('h-many')).map(({ value }) => Number(value));
    expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 101 }, (_, index) => index));
  });
}
