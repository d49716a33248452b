import { type ChaincodeEvent, checkpointers } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { text } from '../../devnet/testing/client.ts';
import type { Ledger } from '../ledger.ts';
import { commit } from '../transaction.ts';

const { VALID } = peer.TxValidationCode;

function fail(): never {
  throw new Error('nothing came');
}

/** Events of chaincodes and of blocks: live and replayed. */
export function checkEvents(ledger: () => Ledger): void {
  const channel = () => ledger().channel('alpha', 'two');
  const contract = () => ledger().contract('alpha', 'two');
  const count = (key: string) => commit(channel(), contract(), ['count', key]);
  type Options = Parameters<ReturnType<typeof channel>['getChaincodeEvents']>[1];
  const replay = async (options: Options, wanted: number, chaincode = 'probe'): Promise<ChaincodeEvent[]> => {
    const events = await channel().getChaincodeEvents(chaincode, options);
    const found: ChaincodeEvent[] = [];
    try {
      for await (const event of events) {
        found.push(event);
        if (found.length === wanted) break;
      }
    } finally {
      events.close();
    }
    return found;
  };
  const payloads = (events: ChaincodeEvent[]) => events.map(({ payload }) => text(payload));

  it('come live, in order, and none from invalid transactions', async () => {
    const events = await channel().getChaincodeEvents('probe');
    try {
      const endorsed = await Promise.all(
        [1, 2].map(() =>
          contract()
            .newProposal('count', { arguments: ['e-race'] })
            .endorse(),
        ),
      );
      const submitted = await Promise.all(endorsed.map((transaction) => transaction.submit()));
      const outcomes = await Promise.all(submitted.map((transaction) => transaction.getStatus()));
      const valid = outcomes.find(({ code }) => code === VALID);
      const after = await count('e-after');
      const seen: ChaincodeEvent[] = [];
      for await (const event of events) {
        seen.push(event);
        if (seen.length === 2) break;
      }
      const common = { chaincodeName: 'probe', eventName: 'Counted' };
      expect(seen).toMatchObject([
        { ...common, transactionId: valid?.transactionId, blockNumber: valid?.blockNumber },
        { ...common, transactionId: after.txId, blockNumber: after.blockNumber },
      ]);
      expect(payloads(seen)).toEqual(['e-race=1', 'e-after=1']);
    } finally {
      events.close();
    }
  });

  it('are replayed from a block on, that block included', async () => {
    const sent = [await count('e-r1'), await count('e-r2'), await count('e-r3')];
    const [first, second] = sent;
    expect(payloads(await replay({ startBlock: first?.blockNumber ?? 0n }, 3))).toEqual(['e-r1=1', 'e-r2=1', 'e-r3=1']);
    expect(payloads(await replay({ startBlock: second?.blockNumber ?? 0n }, 2))).toEqual(['e-r2=1', 'e-r3=1']);
  });

  it('go on after a checkpoint, also within a block', async () => {
    const endorsed = await Promise.all(
      ['e-c1', 'e-c2', 'e-c3'].map((key) =>
        contract()
          .newProposal('count', { arguments: [key] })
          .endorse(),
      ),
    );
    const submitted = await Promise.all(endorsed.map((transaction) => transaction.submit()));
    const outcomes = await Promise.all(submitted.map((transaction) => transaction.getStatus()));
    const [from = 0n] = outcomes.map(({ blockNumber }) => blockNumber).sort((a, b) => Number(a - b));
    const all = await replay({ startBlock: from }, 3);
    const checkpoint = checkpointers.inMemory();
    for (const seen of [1, 2]) {
      await checkpoint.checkpointChaincodeEvent(all[seen - 1] ?? fail());
      expect(payloads(await replay({ checkpoint }, 3 - seen))).toEqual(payloads(all.slice(seen)));
    }
  });

  it('go on after a whole block that was seen', async () => {
    const first = await count('e-b1');
    await count('e-b2');
    const checkpoint = checkpointers.inMemory();
    await checkpoint.checkpointBlock(first.blockNumber);
    expect(payloads(await replay({ checkpoint }, 1))).toEqual(['e-b2=1']);
  });

  it('wait for a block that is yet to come', async () => {
    const { blockNumber } = await count('e-now');
    const later = replay({ startBlock: blockNumber + 2n }, 1);
    await count('e-skipped');
    await count('e-later');
    expect(payloads(await later)).toEqual(['e-later=1']);
  });

  it('are those of one chaincode, with the last that a transaction set', async () => {
    const { blockNumber } = await commit(channel(), ledger().contract('alpha', 'two', 'mate'), [
      'countBoth',
      'e-m1',
      'e-m2',
    ]);
    await count('e-own');
    expect(payloads(await replay({ startBlock: blockNumber }, 1))).toEqual(['e-own=1']);
    expect(payloads(await replay({ startBlock: blockNumber }, 1, 'mate'))).toEqual(['e-m2=1']);
  });

  describe('filtered blocks', () => {
    it('tell ids, codes and events without payloads', async () => {
      const { blockNumber, txId } = await count('e-filtered');
      const blocks = await channel().getFilteredBlockEvents({ startBlock: blockNumber });
      try {
        for await (const block of blocks) {
          expect([block.getChannelId(), block.getNumber()]).toEqual(['two', Number(blockNumber)]);
          const [found] = block.getFilteredTransactionsList();
          expect([found?.getTxid(), found?.getTxValidationCode(), found?.getType()]).toEqual([txId, VALID, 3]);
          const event = found?.getTransactionActions()?.getChaincodeActionsList()[0]?.getChaincodeEvent();
          expect(event?.toObject()).toEqual({ chaincodeId: 'probe', txId, eventName: 'Counted', payload: '' });
          break;
        }
      } finally {
        blocks.close();
      }
    });
  });
}
