import type { ProposalOptions } from '@hyperledger/fabric-gateway';
import { describe, expect, it } from 'vitest';
import { text } from '../../devnet/testing/client.ts';
import type { Ledger, Member } from '../ledger.ts';
import { commit } from '../transaction.ts';
import { failed, peerRefusal } from './peerRefusal.ts';

/** Queries of private data, which a chaincode may only make where it writes nothing. */
export function checkPrivateRanges(ledger: () => Ledger): void {
  const call = (name: string, ...args: string[]) =>
    commit(ledger().channel('alpha'), ledger().contract('alpha'), [name, ...args], {
      transientData: { value: 'again' },
      endorsingOrganizations: ['AlphaMSP', 'BetaMSP'],
    });
  const refusal = (member: Member, name: string, options: ProposalOptions) =>
    peerRefusal(ledger().contract(member), name, options);

  describe('ranges', () => {
    const list = async (start: string, end: string): Promise<[string, string][]> =>
      JSON.parse(text(await ledger().contract('alpha').evaluateTransaction('listSecrets', 'secrets', start, end)));
    const listOptions = { arguments: ['secrets', 'r-', 'r.'] };

    it('are read in the order of bytes, over several batches, from (inclusive) until (exclusive)', async () => {
      await call('putSecrets', 'secrets', 'r-many', '250');
      const all = await list('r-many', 'r-many:');
      expect(all.map(([, value]) => value)).toEqual(Array.from({ length: 250 }, (_, index) => String(index)));
      expect(await list('r-many0009', 'r-many0011')).toEqual([
        ['r-many0009', '9'],
        ['r-many0010', '10'],
      ]);
    });

    it('have nothing that was removed or purged, and what was written again', async () => {
      await call('putSecrets', 'secrets', 'r-few', '4');
      await call('removeSecret', 'secrets', 'r-few0001');
      await call('purgeSecret', 'secrets', 'r-few0002');
      expect(await list('r-few', 'r-few:')).toEqual([
        ['r-few0000', '0'],
        ['r-few0003', '3'],
      ]);
      await call('putSecret', 'secrets', 'r-few0001');
      expect((await list('r-few0001', 'r-few0002'))[0]).toEqual(['r-few0001', 'again']);
    });

    it('of composite keys hold what begins with all of the parts', async () => {
      for (const parts of [
        ['a', '1'],
        ['a', '2'],
        ['ab', '1'],
      ])
        await call('putCompositeSecret', 'secrets', 'r-kind', JSON.stringify(parts));
      const answer = await ledger()
        .contract('alpha')
        .evaluateTransaction('listCompositeSecrets', 'secrets', 'r-kind', '["a"]');
      expect(JSON.parse(text(answer))).toEqual(['["a","1"]', '["a","2"]']);
    });

    it('are not for outsiders, and empty at an outsider’s peer', async () => {
      await call('putSecrets', 'secrets', 'r-shut', '2');
      expect(await refusal('gamma', 'listSecrets', { ...listOptions, endorsingOrganizations: ['AlphaMSP'] })).toBe(
        `${failed('GET_STATE_BY_RANGE')}tx creator does not have read access permission on privatedata in chaincodeName:probe collectionName: secrets`,
      );
      const elsewhere = { ...listOptions, endorsingOrganizations: ['GammaMSP'] };
      expect(text(await ledger().contract('alpha').evaluate('listSecrets', elsewhere))).toBe('[]');
    });

    it('leave nothing in the set, not even their keys', async () => {
      const { sets } = await call('listSecrets', 'secrets', 'r-many', 'r-many:');
      expect(sets.probe).toBeUndefined();
    });

    it('exclude writing, before and after', async () => {
      expect(await refusal('alpha', 'listSecretsThenPut', listOptions)).toBe(
        `${failed('PUT_STATE')}txid [<txid>]: unsuppored transaction. Transaction has already performed queries on pvt data. Writes are not allowed`,
      );
      expect(await refusal('alpha', 'removeSecretThenList', { arguments: ['secrets', 'r-few0000'] })).toBe(
        `${failed('GET_STATE_BY_RANGE')}txid [<txid>]: unsuppored transaction. Queries on pvt data is supported only in a read-only transaction`,
      );
    });
  });
}
