import { peer } from '@hyperledger/fabric-protos';
import { expect, it } from 'vitest';
import { gatewayError, text } from '../../devnet/testing/client.ts';
import type { ChaincodeName, ChannelName, Ledger } from '../ledger.ts';
import { at, commit } from '../transaction.ts';

const { VALID, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
const lifecycle = (...names: string[]) => ({ reads: names.map((name) => `namespaces/fields/${name}/Sequence`) });

/** A chaincode that calls another one, on the same channel and on another. */
export function checkCalls(ledger: () => Ledger): void {
  const run = (call: readonly string[], chaincode: ChaincodeName = 'probe', channel: ChannelName = 'one') =>
    commit(ledger().channel('alpha', channel), ledger().contract('alpha', channel, chaincode), call);
  const value = async (key: string, chaincode: ChaincodeName, channel: ChannelName = 'one') =>
    text(await ledger().contract('alpha', channel, chaincode).evaluateTransaction('get', key));
  const refusal = async (call: readonly string[]) => {
    const [name = '', ...args] = call;
    return (
      await gatewayError(
        ledger()
          .contract('alpha')
          .evaluateTransaction(name, ...args),
      )
    ).details[0]?.message.replace(/\b[0-9a-f]{64}\b/g, '<txid>');
  };

  it('reads and writes in the called chaincode’s namespace, with what both policies ask for', async () => {
    const first = await run(['put', 'c-key', 'x'], 'mate');
    const call = await run(['countOther', 'mate', '', 'c-count', 'c-own']);
    expect([call.code, text(call.result), call.endorsers]).toEqual([VALID, '1', ['AlphaMSP', 'GammaMSP']]);
    expect(call.sets).toEqual({
      _lifecycle: lifecycle('mate', 'probe'),
      mate: { reads: ['c-count@-'], writes: ['c-count=1'] },
      probe: { writes: ['c-own=1'] },
    });
    expect([await value('c-count', 'mate'), await value('c-count', 'probe'), await value('c-own', 'probe')]).toEqual([
      '1',
      '',
      '1',
    ]);
    const read = await run(['callOther', 'mate', '', 'c-key']);
    expect(read.sets.mate).toEqual({ reads: [`c-key@${at(first)}`] });
  });

  it('is refused where the endorsers satisfy the caller’s policy alone', async () => {
    const { code } = await commit(
      ledger().channel('alpha'),
      ledger().contract('alpha'),
      ['countOther', 'mate', '', 'c-few', 'c-few-own'],
      {
        endorsingOrganizations: ['AlphaMSP', 'BetaMSP'],
      },
    );
    expect([code, await value('c-few', 'mate'), await value('c-few-own', 'probe')]).toEqual([
      ENDORSEMENT_POLICY_FAILURE,
      '',
      '',
    ]);
  });

  it('has the event of the first chaincode alone', async () => {
    const { transaction } = await run(['countOther', 'mate', '', 'c-event', 'c-event-own']);
    expect(transaction.event).toBeUndefined();
  });

  it('shows the called one who began, and hands back its refusal', async () => {
    expect(text((await run(['callOther', 'mate', '', 'c-absent'])).result)).toBe('');
    expect(await refusal(['callFunction', 'mate', '', 'refuse', 'NOT_HERE'])).toBe(
      'chaincode response 500, 500 NOT_HERE',
    );
  });

  it('reads another channel, and records nothing of it', async () => {
    await run(['put', 'c-two', 'from two'], 'probe', 'two');
    const call = await run(['callOther', 'probe', 'two', 'c-two']);
    expect([call.code, text(call.result)]).toEqual([VALID, 'from two']);
    expect(call.sets).toEqual({ _lifecycle: lifecycle('probe') });
  });

  it('drops writes on another channel', async () => {
    await run(['put', 'c-kept', 'kept'], 'probe', 'two');
    const call = await run(['writeOther', 'probe', 'two', 'c-kept']);
    expect([call.code, text(call.result)]).toEqual([VALID, '200']);
    expect(await value('c-kept', 'probe', 'two')).toBe('kept');
  });

  it('knows no other channels and chaincodes, and not itself', async () => {
    const failed = 'chaincode response 500, INVOKE_CHAINCODE failed: transaction ID: <txid>: ';
    const messages: (string | undefined)[] = [];
    for (const call of [
      ['probe', 'three'],
      ['nothing', ''],
      ['probe', ''],
    ])
      messages.push((await refusal(['callOther', ...call, 'c-key']))?.replace(failed, ''));
    expect(messages).toEqual([
      'Failed to get policy manager for channel [three]',
      'execute failed: invalid invocation: [channel one] failed to get chaincode container info for nothing: chaincode nothing not found',
      'execute failed: error sending: txid: <txid>(one) exists',
    ]);
  });
}
