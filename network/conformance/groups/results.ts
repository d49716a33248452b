import { common, peer } from '@hyperledger/fabric-protos';
import { expect, it } from 'vitest';
import { signerOf, text } from '../../devnet/testing/client.ts';
import type { Ledger } from '../ledger.ts';
import { at, blockAt, commit, envelopesOf, publicSetBytes, sha256Hex, txIdOf } from '../transaction.ts';

const { VALID } = peer.TxValidationCode;

/** The same transactions give the same results, validation codes and read-write sets. */
export function checkResults(ledger: () => Ledger): void {
  const run = (call: readonly string[]) => commit(ledger().channel('alpha'), ledger().contract('alpha'), call);
  const lifecycle = { reads: ['namespaces/fields/probe/Sequence'] };

  it.each(['alpha', 'beta', 'gamma', 'guest'] as const)('submits and evaluates as %s', async (member) => {
    const contract = ledger().contract(member);
    expect(text(await contract.submitTransaction('count', `visits-${member}`))).toBe('1');
    expect(text(await contract.evaluateTransaction('get', `visits-${member}`))).toBe('1');
  });

  it('shows the chaincode who calls', async () => {
    expect(text(await ledger().contract('guest').evaluateTransaction('whoami'))).toBe('GuestMSP tester');
  });

  it('records a blind write as a write alone', async () => {
    const { code, sets, alone } = await run(['put', 'r-blind', 'value']);
    expect([code, alone]).toEqual([VALID, true]);
    expect(sets).toEqual({ _lifecycle: lifecycle, probe: { writes: ['r-blind=value'] } });
  });

  it('records a read of an absent key without a version', async () => {
    const { sets, result } = await run(['count', 'r-absent']);
    expect(text(result)).toBe('1');
    expect(sets.probe).toEqual({ reads: ['r-absent@-'], writes: ['r-absent=1'] });
  });

  it('records a read with the block and the place of what was read', async () => {
    const first = await run(['count', 'r-count']);
    const second = await run(['count', 'r-count']);
    expect(text(second.result)).toBe('2');
    expect(second.sets.probe).toEqual({ reads: [`r-count@${at(first)}`], writes: ['r-count=2'] });
  });

  it('records one read and one write of a key that is written and read again', async () => {
    const first = await run(['put', 'r-own', 'before']);
    const { sets, result } = await run(['putThenGet', 'r-own', 'after']);
    expect(text(result)).toBe('before');
    expect(sets.probe).toEqual({ reads: [`r-own@${at(first)}`], writes: ['r-own=after'] });
  });

  it('records a removal, also of what is not there', async () => {
    expect((await run(['remove', 'r-nothing'])).sets.probe).toEqual({ writes: ['r-nothing deleted'] });
  });

  it('records the last of several writes of one key', async () => {
    const { sets } = await run([
      'writeAll',
      JSON.stringify([
        ['r-twice', 'one'],
        ['r-twice', 'two'],
        ['r-gone', 'x'],
        ['r-gone', null],
      ]),
    ]);
    expect(sets.probe).toEqual({ writes: ['r-gone deleted', 'r-twice=two'] });
  });

  it('sorts writes by the bytes of their keys', async () => {
    const keys = ['r-\u{1f600}', 'r-\uff5e', 'r-z', 'r-é', 'r-Z', 'r-'];
    const { sets } = await run(['writeAll', JSON.stringify(keys.map((key) => [key, 'x']))]);
    expect(sets.probe?.writes).toEqual(['r-=x', 'r-Z=x', 'r-z=x', 'r-é=x', 'r-\uff5e=x', 'r-\u{1f600}=x']);
  });

  it('records what a range held, sorted, with its bounds', async () => {
    const [a, b] = [await run(['put', 'r-range-a', 'x']), await run(['put', 'r-range-b', 'x'])];
    const { sets, result } = await run(['tally', 'r-range-', 'r-range-~', 'r-total']);
    expect(text(result)).toBe('2');
    expect(sets.probe).toEqual({
      writes: ['r-total=2'],
      ranges: [
        { from: 'r-range-', to: 'r-range-~', exhausted: true, reads: [`r-range-a@${at(a)}`, `r-range-b@${at(b)}`] },
      ],
    });
  });

  it('gives the same bytes for the same reads and writes', async () => {
    const written = await run([
      'writeAll',
      JSON.stringify([
        ['r-bytes-b', 'two'],
        ['r-bytes-é', '1'],
        ['r-bytes-c', null],
      ]),
    ]);
    expect(publicSetBytes(written, 'probe')).toBe(recorded.writes);
    const absent = await run(['count', 'r-bytes-count']);
    expect(publicSetBytes(absent, 'probe')).toBe(recorded.absent);
  });

  it('has the chaincode’s name, version, answer and event in what is endorsed', async () => {
    const { transaction, txId, endorsers } = await run(['count', 'r-action']);
    const { action, event } = transaction;
    expect(action.getChaincodeId()?.toObject()).toEqual({ name: 'probe', version: '1.0', path: '' });
    expect(action.getResponse()?.toObject()).toMatchObject({ status: 200, message: '' });
    expect(text(action.getResponse()?.getPayload_asU8() ?? new Uint8Array())).toBe('1');
    expect([event?.getChaincodeId(), event?.getTxId(), event?.getEventName()]).toEqual(['probe', txId, 'Counted']);
    expect(text(event?.getPayload_asU8() ?? new Uint8Array())).toBe('r-action=1');
    expect(endorsers).toHaveLength(2);
    expect(endorsers).toContain('AlphaMSP');
  });

  it('binds the endorsement to the proposal by its hash', async () => {
    const { transaction } = await run(['put', 'r-hash', 'x']);
    const { responsePayload, proposalHash } = transaction;
    expect(Buffer.from(responsePayload.getProposalHash_asU8()).toString('hex')).toBe(proposalHash.toString('hex'));
  });

  it('keeps transient data out of the block', async () => {
    const network = ledger().channel('alpha');
    const value = 'r-transient-value';
    const { blockNumber } = await commit(network, ledger().contract('alpha'), ['put', 'r-transient', 'x'], {
      transientData: { value },
      endorsingOrganizations: ['AlphaMSP', 'BetaMSP'],
    });
    expect(Buffer.from((await blockAt(network, blockNumber)).serializeBinary()).includes(value)).toBe(false);
  });

  it('is signed offline, step by step, and stands in the block as it was signed', async () => {
    const { gateway } = ledger().connect('alpha', ledger().identity('alpha'), null);
    const sign = signerOf(ledger().identity('alpha'));
    const network = gateway.getNetwork('one');
    const unsigned = network.getContract('probe').newProposal('count', { arguments: ['r-offline'] });
    const proposal = gateway.newSignedProposal(unsigned.getBytes(), await sign(unsigned.getDigest()));
    const endorsed = await proposal.endorse();
    const signature = await sign(endorsed.getDigest());
    const transaction = gateway.newSignedTransaction(endorsed.getBytes(), signature);
    const submitted = await transaction.submit();
    const outcome = gateway.newSignedCommit(submitted.getBytes(), await sign(submitted.getDigest()));
    const { code, blockNumber } = await outcome.getStatus();
    expect([code, text(endorsed.getResult())]).toEqual([VALID, '1']);
    const block = await blockAt(ledger().channel('alpha'), blockNumber);
    const kept = envelopesOf(block).find((envelope) => txIdOf(envelope) === endorsed.getTransactionId());
    expect(sha256Hex(kept?.getPayload_asU8() ?? '')).toBe(sha256Hex(endorsed.getDigest()));
    expect(Buffer.from(kept?.getSignature_asU8() ?? [])).toEqual(Buffer.from(signature));
    expect(kept).toBeInstanceOf(common.Envelope);
  });
}

/** As Fabric v3.1.5 wrote them. */
const recorded = {
  writes: '1a100a09722d62797465732d621a0374776f1a0d0a09722d62797465732d6310011a0f0a0a722d62797465732dc3a91a0131',
  absent: '0a0f0a0d722d62797465732d636f756e741a120a0d722d62797465732d636f756e741a0131',
};
