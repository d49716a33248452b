import { common, peer } from '@hyperledger/fabric-protos';
import { expect, it } from 'vitest';
import { validationCodes } from '../../devnet/ledger/block.ts';
import { text } from '../../devnet/testing/client.ts';
import { altered, statusOf, submitPayload, type TransactionParts } from '../envelope.ts';
import type { Ledger } from '../ledger.ts';
import { blockAt, commit, envelopesOf, txIdOf } from '../transaction.ts';

const codes = peer.TxValidationCode;

/** Transactions that were endorsed by too few, or changed after their endorsement. */
export function checkTampering(ledger: () => Ledger): void {
  const contract = () => ledger().contract('alpha');
  const value = async (key: string) => text(await contract().evaluateTransaction('get', key));
  const name = (code: number) => Object.entries(codes).find(([, value]) => value === code)?.[0];
  let count = 0;
  /** Endorses a write, changes it, submits it as its creator would, and tells the code and whether the write took place. */
  const outcome = async (change: (parts: TransactionParts) => void) => {
    count += 1;
    const key = `t-key-${count}`;
    const endorsed = await contract()
      .newProposal('put', { arguments: [key, 'AAAA'] })
      .endorse();
    await submitPayload(ledger(), altered(endorsed, change));
    const { code } = await statusOf(ledger(), endorsed.getTransactionId());
    return { code: name(code), written: await value(key) };
  };
  const refusedWith = async (code: number, change: (parts: TransactionParts) => void) => {
    expect(await outcome(change)).toEqual({ code: name(code), written: '' });
  };

  it('accepts a transaction that is put together again unchanged', async () => {
    expect(await outcome(() => {})).toEqual({ code: 'VALID', written: 'AAAA' });
  });

  it('refuses what too few have endorsed', async () => {
    const options = { endorsingOrganizations: ['AlphaMSP'] };
    const few = await commit(ledger().channel('alpha'), contract(), ['put', 't-few', 'x'], options);
    expect([few.code, few.endorsers, await value('t-few')]).toEqual([
      codes.ENDORSEMENT_POLICY_FAILURE,
      ['AlphaMSP'],
      '',
    ]);
  });

  it('accepts any two of three, and all three', async () => {
    for (const endorsingOrganizations of [
      ['AlphaMSP', 'GammaMSP'],
      ['BetaMSP', 'GammaMSP'],
      ['AlphaMSP', 'BetaMSP', 'GammaMSP'],
    ]) {
      const enough = await commit(ledger().channel('alpha'), contract(), ['put', 't-enough', 'x'], {
        endorsingOrganizations,
      });
      expect([enough.code, enough.endorsers]).toEqual([codes.VALID, endorsingOrganizations]);
    }
  });

  it('refuses a missing endorsement', () =>
    refusedWith(codes.ENDORSEMENT_POLICY_FAILURE, (parts) => {
      parts.endorsements = parts.endorsements.slice(0, 1);
    }));

  it('counts an endorser once', () =>
    refusedWith(codes.ENDORSEMENT_POLICY_FAILURE, (parts) => {
      const [first] = parts.endorsements;
      if (first) parts.endorsements = [first, first];
    }));

  it('refuses when there is no endorsement at all', () =>
    refusedWith(codes.ENDORSEMENT_POLICY_FAILURE, (parts) => {
      parts.endorsements = [];
    }));

  it('refuses an endorsement whose signature is another’s', () =>
    refusedWith(codes.ENDORSEMENT_POLICY_FAILURE, ({ endorsements: [first, second] }) => {
      second?.setSignature(first?.getSignature_asU8() ?? '');
    }));

  it('refuses a changed read-write set', () =>
    refusedWith(codes.ENDORSEMENT_POLICY_FAILURE, ({ response }) => {
      const changed = Buffer.from(response.getExtension_asU8());
      changed.write('BBBB', changed.lastIndexOf('AAAA'));
      response.setExtension$(changed);
    }));

  it('refuses a changed answer of the chaincode', () =>
    refusedWith(codes.ENDORSEMENT_POLICY_FAILURE, ({ response }) => {
      const action = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
      action.getResponse()?.setMessage('changed');
      response.setExtension$(action.serializeBinary());
    }));

  it('refuses another proposal hash', () =>
    refusedWith(codes.INVALID_ENDORSER_TRANSACTION, ({ response }) => {
      response.setProposalHash(Buffer.alloc(32, 7));
    }));

  it('refuses changed arguments', () =>
    refusedWith(codes.INVALID_ENDORSER_TRANSACTION, (parts) => {
      const input = Buffer.from(parts.input);
      input.write('BBBB', input.lastIndexOf('AAAA'));
      parts.input = input;
    }));

  it('refuses an action with another header', () =>
    refusedWith(codes.INVALID_ENDORSER_TRANSACTION, (parts) => {
      parts.actionHeader = Buffer.from('other');
    }));

  it('refuses a transaction without an action', () =>
    refusedWith(codes.INVALID_ENDORSER_TRANSACTION, (parts) => {
      parts.actionHeader = null;
    }));

  it('refuses another time in the header, since the proposal’s hash covers it', () =>
    refusedWith(codes.INVALID_ENDORSER_TRANSACTION, ({ channelHeader }) => {
      channelHeader.getTimestamp()?.setSeconds(1);
    }));

  it('refuses a transaction that names another chaincode in its header', () =>
    refusedWith(codes.INVALID_ENDORSER_TRANSACTION, ({ channelHeader }) => {
      const extension = peer.ChaincodeHeaderExtension.deserializeBinary(channelHeader.getExtension_asU8());
      extension.getChaincodeId()?.setName('mate');
      channelHeader.setExtension$(extension.serializeBinary());
    }));

  it('refuses an epoch', () =>
    refusedWith(codes.BAD_COMMON_HEADER, ({ channelHeader }) => {
      channelHeader.setEpoch(1);
    }));

  it('refuses a header of an unknown type', () =>
    refusedWith(codes.BAD_COMMON_HEADER, ({ channelHeader }) => {
      channelHeader.setType(common.HeaderType.MESSAGE);
    }));

  it('refuses an id that is not the hash of nonce and creator', async () => {
    const txId = 'ab'.repeat(32);
    const network = ledger().channel('alpha');
    const endorsed = await contract()
      .newProposal('put', { arguments: ['t-id', 'x'] })
      .endorse();
    await submitPayload(
      ledger(),
      altered(endorsed, ({ channelHeader }) => channelHeader.setTxId(txId)),
    );
    const last = await commit(network, contract(), ['put', 't-after', 'x']);
    const found: (string | undefined)[] = [];
    for (let number = last.blockNumber; number > 0n && found.length === 0; number -= 1n) {
      const block = await blockAt(network, number);
      const codes = validationCodes(block);
      envelopesOf(block).forEach((envelope, index) => {
        if (txIdOf(envelope) === txId) found.push(name(codes[index] ?? -1));
      });
    }
    expect([found, await value('t-id')]).toEqual([['BAD_PROPOSAL_TXID'], '']);
  });
}
