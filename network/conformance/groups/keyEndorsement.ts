import { peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { gatewayError, text } from '../../devnet/testing/client.ts';
import { statusOf } from '../envelope.ts';
import type { Ledger } from '../ledger.ts';
import { at, type Committed, commit, inOneBlock, settled, sha256Hex } from '../transaction.ts';

const { VALID, ENDORSEMENT_POLICY_FAILURE, MVCC_READ_CONFLICT } = peer.TxValidationCode;
type Peer = 'AlphaMSP' | 'BetaMSP' | 'GammaMSP';

/** Keys that have an endorsement policy of their own. */
export function checkKeyEndorsement(ledger: () => Ledger): void {
  const channel = () => ledger().channel('alpha');
  const contract = () => ledger().contract('alpha');
  /** Calls with named endorsers; without, the gateway chooses. All peers have the block then, so that any may be next. */
  const run = async (call: readonly string[], ...endorsers: Peer[]) => {
    const options = endorsers.length > 0 ? { endorsingOrganizations: endorsers } : {};
    const done = await commit(channel(), contract(), call, options);
    for (const member of ['beta', 'gamma'] as const) await statusOf(ledger(), done.txId, { member });
    return done;
  };
  const codeOf = async (committed: Promise<Committed>) => (await committed).code;
  const value = async (key: string) => text(await contract().evaluateTransaction('get', key));
  const endorse = ([name = '', ...args]: readonly string[], ...endorsers: Peer[]) =>
    contract().newProposal(name, { arguments: args, endorsingOrganizations: endorsers }).endorse();
  /** A key with a value that only these organisations' peers may change, all of them together. */
  const owned = async (key: string, ...owners: Peer[]) => {
    await run(['put', key, 'first']);
    return run(['setPolicy', key, owners.join(' ')]);
  };

  it('stand in the set as metadata of the key, whose version they renew', async () => {
    await run(['put', 'o-set', 'x']);
    const set = await run(['setPolicy', 'o-set', 'AlphaMSP']);
    const [written] = set.sets.probe?.metadata ?? [];
    expect(set.sets.probe).toEqual({ metadata: [expect.stringMatching(/^o-set: VALIDATION_PARAMETER=[0-9a-f]+$/)] });
    expect(Buffer.from(written?.split('=')[1] ?? '', 'hex').toString('latin1')).toContain('AlphaMSP');
    const read = await run(['count', 'o-set'], 'AlphaMSP');
    expect(read.sets.probe?.reads).toEqual([`o-set@${at(set)}`]);
  });

  it('are read back by the chaincode, and recorded as no read', async () => {
    await owned('o-read', 'AlphaMSP', 'GammaMSP');
    const { result, sets } = await run(['getPolicy', 'o-read']);
    expect(text(result).split(' ').sort()).toEqual(['AlphaMSP', 'GammaMSP']);
    expect(sets.probe).toEqual({ reads: [expect.stringMatching(/^o-read@\d+\.0$/)] });
    expect(text((await run(['getPolicy', 'o-none'])).result)).toBe('');
  });

  it('take the place of the chaincode’s policy for that key', async () => {
    await owned('o-one', 'AlphaMSP');
    expect(await codeOf(run(['put', 'o-one', 'x'], 'BetaMSP', 'GammaMSP'))).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(await codeOf(run(['put', 'o-one', 'by one'], 'AlphaMSP'))).toBe(VALID);
    expect(await value('o-one')).toBe('by one');
    expect(await codeOf(run(['put', 'o-other', 'x'], 'AlphaMSP'))).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  it('may ask for more than the chaincode’s policy does', async () => {
    await owned('o-all', 'AlphaMSP', 'BetaMSP', 'GammaMSP');
    expect(await codeOf(run(['put', 'o-all', 'x'], 'AlphaMSP', 'BetaMSP'))).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(await codeOf(run(['put', 'o-all', 'x'], 'AlphaMSP', 'BetaMSP', 'GammaMSP'))).toBe(VALID);
  });

  it('are what the gateway chooses the endorsers by', async () => {
    await owned('o-chosen-one', 'AlphaMSP');
    await owned('o-chosen-all', 'AlphaMSP', 'BetaMSP', 'GammaMSP');
    await owned('o-chosen-other', 'GammaMSP');
    expect((await run(['put', 'o-chosen-all', 'x'])).endorsers).toEqual(['AlphaMSP', 'BetaMSP', 'GammaMSP']);
    const other = await run(['put', 'o-chosen-other', 'x']);
    expect([other.code, other.endorsers.includes('GammaMSP')]).toEqual([VALID, true]);
    const one = await run(['put', 'o-chosen-one', 'x']);
    expect([one.code, one.endorsers.includes('AlphaMSP')]).toEqual([VALID, true]);
  });

  it('hold for a change of the policy and for a removal', async () => {
    await owned('o-guarded', 'AlphaMSP');
    for (const call of [
      ['setPolicy', 'o-guarded', 'BetaMSP'],
      ['remove', 'o-guarded'],
    ])
      expect(await codeOf(run(call, 'BetaMSP', 'GammaMSP'))).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(await codeOf(run(['setPolicy', 'o-guarded', 'BetaMSP'], 'AlphaMSP'))).toBe(VALID);
    expect(await codeOf(run(['put', 'o-guarded', 'x'], 'AlphaMSP'))).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(await codeOf(run(['put', 'o-guarded', 'x'], 'BetaMSP'))).toBe(VALID);
  });

  it('do not hold for reading', async () => {
    await owned('o-seen', 'GammaMSP');
    expect(await codeOf(run(['readThenPut', 'o-seen', 'o-seen-copy'], 'AlphaMSP', 'BetaMSP'))).toBe(VALID);
  });

  it('are all asked for, with the chaincode’s where a key has none', async () => {
    await owned('o-mine', 'AlphaMSP');
    const pairs = JSON.stringify([
      ['o-mine', 'x'],
      ['o-common', 'x'],
    ]);
    expect(await codeOf(run(['writeAll', pairs], 'AlphaMSP'))).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(await codeOf(run(['writeAll', pairs], 'BetaMSP', 'GammaMSP'))).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(await codeOf(run(['writeAll', pairs], 'AlphaMSP', 'BetaMSP'))).toBe(VALID);
  });

  it('stay with the key when its value changes, and go with it', async () => {
    await owned('o-stays', 'AlphaMSP');
    await run(['put', 'o-stays', 'second'], 'AlphaMSP');
    expect(text(await contract().evaluateTransaction('getPolicy', 'o-stays'))).toBe('AlphaMSP');
    await run(['remove', 'o-stays'], 'AlphaMSP');
    expect(text(await contract().evaluateTransaction('getPolicy', 'o-stays'))).toBe('');
    expect(await codeOf(run(['put', 'o-stays', 'x'], 'BetaMSP', 'GammaMSP'))).toBe(VALID);
  });

  it('have no effect on a key that is not there', async () => {
    expect(await codeOf(run(['setPolicy', 'o-absent', 'AlphaMSP']))).toBe(VALID);
    expect(text(await contract().evaluateTransaction('getPolicy', 'o-absent'))).toBe('');
    expect(await codeOf(run(['put', 'o-absent', 'x'], 'BetaMSP', 'GammaMSP'))).toBe(VALID);
  });

  it('are set with the first value in one transaction', async () => {
    expect(await codeOf(run(['putWithPolicy', 'o-both', 'x', 'GammaMSP']))).toBe(VALID);
    expect(text(await contract().evaluateTransaction('getPolicy', 'o-both'))).toBe('GammaMSP');
    expect(await codeOf(run(['put', 'o-both', 'x'], 'AlphaMSP', 'BetaMSP'))).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  describe('within a block', () => {
    it.each<[string, Peer[]]>([
      ['old', ['AlphaMSP', 'BetaMSP']],
      ['new', ['GammaMSP']],
    ])('a change lets nobody write the key after it, not those of the %s policy', async (_policy, endorsers) => {
      const { attempt, outcomes } = await inOneBlock(channel(), async (n) => {
        const key = `o-block-${endorsers.length}-${n}`;
        await run(['put', key, 'first']);
        return [
          await endorse(['setPolicy', key, 'GammaMSP'], 'AlphaMSP', 'BetaMSP'),
          await endorse(['put', key, 'second'], ...endorsers),
        ];
      });
      expect(outcomes.map(({ code }) => code)).toEqual([VALID, ENDORSEMENT_POLICY_FAILURE]);
      expect(await value(`o-block-${endorsers.length}-${attempt}`)).toBe('first');
    });

    it('a change that is refused for its endorsers changes nothing for those after it', async () => {
      const { outcomes } = await inOneBlock(channel(), async (n) => {
        await owned(`o-refused-${n}`, 'AlphaMSP');
        return [
          await endorse(['setPolicy', `o-refused-${n}`, 'BetaMSP'], 'BetaMSP'),
          await endorse(['put', `o-refused-${n}`, 'x'], 'AlphaMSP'),
        ];
      });
      expect(outcomes.map(({ code }) => code)).toEqual([ENDORSEMENT_POLICY_FAILURE, VALID]);
    });
  });

  it('conflict with a read of the key', async () => {
    await run(['put', 'o-conflict', 'x']);
    const reading = await endorse(['readThenPut', 'o-conflict', 'o-conflict-copy'], 'AlphaMSP', 'BetaMSP');
    await run(['setPolicy', 'o-conflict', 'AlphaMSP']);
    expect((await settled(channel(), await reading.submit())).code).toBe(MVCC_READ_CONFLICT);
  });

  describe('in a collection', () => {
    const members: Peer[] = ['AlphaMSP', 'BetaMSP'];
    const put = (key: string, ...endorsingOrganizations: Peer[]) =>
      commit(channel(), contract(), ['putSecret', 'secrets', key], {
        transientData: { value: 'x' },
        endorsingOrganizations,
      });

    it('stand in the set by the hash of the key, and hold for it', async () => {
      await put('o-secret', ...members);
      const set = await run(['setSecretPolicy', 'secrets', 'o-secret', 'AlphaMSP'], ...members);
      const { metadata } = set.sets.probe?.collections?.secrets ?? {};
      expect(metadata).toEqual([expect.stringContaining(`${sha256Hex('o-secret')}: VALIDATION_PARAMETER=`)]);
      expect(await codeOf(put('o-secret', 'BetaMSP', 'GammaMSP'))).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect(await codeOf(put('o-secret', 'AlphaMSP'))).toBe(VALID);
      expect(text(await contract().evaluateTransaction('getSecretPolicy', 'secrets', 'o-secret'))).toBe('AlphaMSP');
    });

    it('take the place of the collection’s own policy', async () => {
      const put = (...endorsingOrganizations: Peer[]) =>
        commit(channel(), contract(), ['putSecret', 'fleeting', 'o-fleeting'], {
          transientData: { value: 'x' },
          endorsingOrganizations,
        });
      expect(await codeOf(put('AlphaMSP'))).toBe(VALID);
      expect(await codeOf(run(['setSecretPolicy', 'fleeting', 'o-fleeting', 'BetaMSP'], 'AlphaMSP'))).toBe(VALID);
      expect(await codeOf(put('AlphaMSP'))).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect(await codeOf(put('BetaMSP'))).toBe(VALID);
    });
  });

  it('that are no policy let nobody write the key any more', async () => {
    await run(['put', 'o-broken', 'x']);
    expect(await codeOf(run(['setRawPolicy', 'o-broken', 'nonsense']))).toBe(VALID);
    const chosen = await gatewayError(contract().submitTransaction('put', 'o-broken', 'x'));
    const named = await gatewayError(endorse(['put', 'o-broken', 'x'], 'AlphaMSP', 'BetaMSP'));
    expect([chosen.message, named.message]).toEqual([
      '10 ABORTED: failed to endorse transaction, see attached details for more info',
      '10 ABORTED: failed to collect enough transaction endorsements, see attached details for more info',
    ]);
    const messages = [...chosen.details, ...named.details].map(({ message }) => message);
    const reason = expect.stringMatching(/^error in simulation: error unmarshalling SignaturePolicyEnvelope: proto:/);
    expect(messages).toEqual([reason, reason, reason]);
  });
}
