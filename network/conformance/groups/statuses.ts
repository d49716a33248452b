import { status } from '@grpc/grpc-js';
import { CommitStatusError } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';
import { expect, it } from 'vitest';
import { validationCodes } from '../../devnet/ledger/block.ts';
import { gatewayError, text } from '../../devnet/testing/client.ts';
import { statusOf } from '../envelope.ts';
import type { Ledger } from '../ledger.ts';
import { blockAt, commit, envelopesOf, txIdOf } from '../transaction.ts';

const { VALID, DUPLICATE_TXID } = peer.TxValidationCode;

/** One transaction id counts once; what a commit status tells, and when. */
export function checkStatuses(ledger: () => Ledger): void {
  const contract = () => ledger().contract('alpha');
  it('commits a transaction once, however often it is submitted', async () => {
    const network = ledger().channel('alpha');
    const endorsed = await contract()
      .newProposal('put', { arguments: ['s-once', 'x'] })
      .endorse();
    const first = await (await endorsed.submit()).getStatus();
    await endorsed.submit();
    await endorsed.submit();
    const later = await commit(network, contract(), ['put', 's-later', 'x']);
    const again = await statusOf(ledger(), first.transactionId);
    expect([again.code, again.blockNumber]).toEqual([VALID, first.blockNumber]);
    expect(JSON.parse(text(await contract().evaluateTransaction('history', 's-once')))).toHaveLength(1);
    const found: number[] = [];
    for (let number = first.blockNumber; number <= later.blockNumber; number += 1n) {
      const block = await blockAt(network, number);
      const codes = validationCodes(block);
      envelopesOf(block).forEach((envelope, index) => {
        if (txIdOf(envelope) === first.transactionId) found.push(codes[index] ?? -1);
      });
    }
    expect(found).toEqual([VALID, DUPLICATE_TXID, DUPLICATE_TXID]);
  });

  it('does not endorse a proposal again that is committed', async () => {
    const proposal = contract().newProposal('count', { arguments: ['s-replayed'] });
    const transaction = await proposal.endorse();
    expect((await (await transaction.submit()).getStatus()).code).toBe(VALID);
    const endorsed = await gatewayError(proposal.endorse());
    expect([endorsed.code, endorsed.details[0]?.message]).toEqual([
      status.ABORTED,
      expect.stringContaining(`duplicate transaction found [${proposal.getTransactionId()}]. Creator [`),
    ]);
    const evaluated = await gatewayError(proposal.evaluate());
    expect([evaluated.code, evaluated.message]).toEqual([
      status.FAILED_PRECONDITION,
      expect.stringContaining(`duplicate transaction found [${proposal.getTransactionId()}]. Creator [`),
    ]);
  });

  it('tells the status to everybody on the channel, at once when it is there', async () => {
    const sent = await contract().submitAsync('put', { arguments: ['s-told', 'x'] });
    const { transactionId, blockNumber } = await sent.getStatus();
    for (const member of ['alpha', 'beta', 'guest'] as const)
      expect(await statusOf(ledger(), transactionId, { member })).toMatchObject({ code: VALID, blockNumber });
  });

  it('waits for a transaction that is not committed yet', async () => {
    const proposal = contract().newProposal('put', { arguments: ['s-awaited', 'x'] });
    const transaction = await proposal.endorse();
    const early = statusOf(ledger(), proposal.getTransactionId());
    expect((await (await transaction.submit()).getStatus()).code).toBe(VALID);
    expect((await early).code).toBe(VALID);
  });

  it('gives up waiting at the client’s deadline', async () => {
    const error = await gatewayError(statusOf(ledger(), '0'.repeat(64), { deadline: Date.now() + 300 }));
    expect(error).toBeInstanceOf(CommitStatusError);
    // Whose clock runs out first, the client's or the peer's that was told the deadline, is chance on a busy machine.
    expect([status.DEADLINE_EXCEEDED, status.CANCELLED]).toContain(error.code);
  });

  it('has no status on a channel that does not exist', async () => {
    const error = await gatewayError(statusOf(ledger(), '0'.repeat(64), { channel: 'nowhere' }));
    expect(error.message).toBe('7 PERMISSION_DENIED: Failed to get policy manager for channel [nowhere]');
  });

  it('needs a transaction id', async () => {
    const error = await gatewayError(statusOf(ledger(), ''));
    expect(error.message).toBe('3 INVALID_ARGUMENT: transaction ID should not be empty');
  });
}
