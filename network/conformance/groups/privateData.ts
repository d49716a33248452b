import { status } from '@grpc/grpc-js';
import type { ProposalOptions } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { gatewayError, text } from '../../devnet/testing/client.ts';
import { eventually } from '../../devnet/testing/processes.ts';
import type { Ledger, Member } from '../ledger.ts';
import { at, blockAt, commit, inOneBlock, settled, sha256Hex } from '../transaction.ts';
import { failed, peerRefusal } from './peerRefusal.ts';
import { checkPrivateRanges } from './privateRanges.ts';

const { VALID, MVCC_READ_CONFLICT, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
const both = ['AlphaMSP', 'BetaMSP'];

/** Private data: who may read and write it, what the others see, what a purge and an expiry leave. */
export function checkPrivateData(ledger: () => Ledger): void {
  const put = (member: Member, collection: string, key: string, value: string, endorsingOrganizations?: string[]) =>
    commit(ledger().channel(member), ledger().contract(member), ['putSecret', collection, key], {
      transientData: { value },
      ...(endorsingOrganizations && { endorsingOrganizations }),
    });
  const call = (name: string, ...args: string[]) =>
    commit(ledger().channel('alpha'), ledger().contract('alpha'), [name, ...args], { endorsingOrganizations: both });
  const read = async (member: Member, collection: string, key: string) =>
    text(await ledger().contract(member).evaluateTransaction('getSecret', collection, key));
  const hash = async (member: Member, key: string, collection = 'secrets') =>
    text(await ledger().contract(member).evaluateTransaction('secretHash', collection, key));
  const refusal = (member: Member, name: string, options: ProposalOptions) =>
    peerRefusal(ledger().contract(member), name, options);
  /** Until another organisation's peer has the block, which it gets in its own time. */
  const becomes = (probe: () => Promise<string>, value: string) =>
    eventually(async () => expect(await probe()).toBe(value));

  describe('reading', () => {
    it('is for members, through every member’s peer, also without a peer of their own', async () => {
      await put('alpha', 'secrets', 'd-shared', 'the secret');
      for (const member of ['alpha', 'beta', 'guest'] as const)
        await becomes(() => read(member, 'secrets', 'd-shared'), 'the secret');
    });

    it('is not for outsiders, who see the hash', async () => {
      await put('alpha', 'secrets', 'd-hidden', 'the secret');
      await becomes(() => hash('gamma', 'd-hidden'), sha256Hex('the secret'));
      expect(
        await refusal('gamma', 'getSecret', {
          arguments: ['secrets', 'd-hidden'],
          endorsingOrganizations: ['AlphaMSP'],
        }),
      ).toBe(
        `${failed('GET_STATE')}tx creator does not have read access permission on privatedata in chaincodeName:probe collectionName: secrets`,
      );
    });

    it('is not possible at an outsider’s peer, even for a member', async () => {
      const { blockNumber, index } = await put('alpha', 'secrets', 'd-elsewhere', 'the secret');
      await becomes(() => hash('gamma', 'd-elsewhere'), sha256Hex('the secret'));
      expect(
        await refusal('alpha', 'getSecret', {
          arguments: ['secrets', 'd-elsewhere'],
          endorsingOrganizations: ['GammaMSP'],
        }),
      ).toBe(
        `${failed('GET_STATE')}private data matching public hash version is not available. ` +
          `Public hash version = {BlockNum: ${blockNumber}, TxNum: ${index}}, Private data version = <nil>`,
      );
    });

    it('gives nothing for an absent key, neither value nor hash', async () => {
      expect(await read('alpha', 'secrets', 'd-absent')).toBe('');
      expect(await hash('gamma', 'd-absent')).toBe('');
    });

    it('knows no other collections', async () => {
      const options = { arguments: ['unknown', 'key'] };
      expect(await refusal('alpha', 'getSecret', options)).toBe(
        `${failed('GET_STATE')}collection one/probe/unknown could not be found`,
      );
      expect(await refusal('alpha', 'secretHash', options)).toBe(
        `${failed('GET_PRIVATE_DATA_HASH')}collection [unknown] not defined in the collection config for chaincode [probe]`,
      );
    });
  });

  describe('writing', () => {
    it('takes the value from transient data, and leaves hashes in the block', async () => {
      const value = 'd-looked-for';
      const written = await put('alpha', 'secrets', 'd-key', value);
      expect(written.sets).toEqual({
        _lifecycle: {
          reads: [
            ...['Collections', 'EndorsementInfo', 'Sequence', 'ValidationInfo'].map(
              (field) => `namespaces/fields/probe/${field}`,
            ),
            'namespaces/metadata/probe',
          ],
        },
        probe: { collections: { secrets: { writes: [`${sha256Hex('d-key')}=${sha256Hex(value)}`], values: true } } },
      });
      const block = await blockAt(ledger().channel('alpha'), written.blockNumber);
      expect(Buffer.from(block.serializeBinary()).includes(value)).toBe(false);
    });

    it('records what was read and removed by hashes, with the version', async () => {
      const first = await put('alpha', 'secrets', 'd-counted', '1');
      const key = sha256Hex('d-counted');
      const read = await call('readSecretThenPut', 'secrets', 'd-counted', 'd-read');
      expect(read.sets.probe).toEqual({
        writes: ['d-read=read'],
        collections: { secrets: { reads: [`${key}@${at(first)}`], values: false } },
      });
      const removed = await call('removeSecret', 'secrets', 'd-counted');
      expect(removed.sets.probe).toEqual({ collections: { secrets: { writes: [`${key} deleted`], values: true } } });
      expect([await read2('d-counted'), await hash('alpha', 'd-counted')]).toEqual(['', '']);
    });
    const read2 = (key: string) => read('alpha', 'secrets', key);

    it('conflicts by hashes as public data does', async () => {
      await put('alpha', 'secrets', 'd-race', '1');
      const { outcomes } = await inOneBlock(ledger().channel('alpha'), (n) =>
        Promise.all(
          [
            ['putSecret', 'secrets', 'd-race'],
            ['readSecretThenPut', 'secrets', 'd-race', `d-race-${n}`],
          ].map(([name = '', ...args]) =>
            ledger()
              .contract('alpha')
              .newProposal(name, { arguments: args, transientData: { value: n }, endorsingOrganizations: both })
              .endorse(),
          ),
        ),
      );
      expect(outcomes.map(({ code }) => code)).toEqual([VALID, MVCC_READ_CONFLICT]);
    });

    it('of members alone is refused to outsiders', async () => {
      expect(
        await refusal('guest', 'putSecret', { arguments: ['fleeting', 'd-x'], transientData: { value: 'x' } }),
      ).toBe(
        `${failed('PUT_STATE')}tx creator does not have write access permission on privatedata in chaincodeName:probe collectionName: fleeting`,
      );
    });

    it('is for outsiders too where the collection says so, through a member', async () => {
      const written = await put('gamma', 'secrets', 'd-astray', 'x');
      expect(written.code).toBe(VALID);
      expect(written.endorsers).toContain('BetaMSP');
    });

    it('takes an empty value for a removal', async () => {
      await put('alpha', 'secrets', 'd-emptied', 'x');
      const key = sha256Hex('d-emptied');
      expect((await put('alpha', 'secrets', 'd-emptied', '')).sets.probe?.collections?.secrets?.writes).toEqual([
        `${key} deleted`,
      ]);
      expect(await read2('d-emptied')).toBe('');
    });

    it('is not kept by an evaluation', async () => {
      await ledger()
        .contract('alpha')
        .evaluate('putSecret', { arguments: ['secrets', 'd-evaluated'], transientData: { value: 'x' } });
      expect(await read2('d-evaluated')).toBe('');
    });
  });

  describe('endorsement', () => {
    it('needs named endorsers where the members alone do not satisfy the policy', async () => {
      const contract = ledger().contract('alpha');
      const options = { arguments: ['alone', 'd-narrow'], transientData: { value: 'x' } };
      const error = await gatewayError(contract.submit('putSecret', options));
      expect(error.code).toBe(status.FAILED_PRECONDITION);
      expect(error.message).toBe(
        '9 FAILED_PRECONDITION: requires endorsement from organisation(s) that are not in the distribution policy of the private data collection(s): [alone]; retry specifying trusted endorsing organizations to protect transient data',
      );
      await contract.submit('putSecret', { ...options, endorsingOrganizations: ['AlphaMSP', 'GammaMSP'] });
      expect(await read('alpha', 'alone', 'd-narrow')).toBe('x');
    });

    it('is as the collection says where it has a policy of its own', async () => {
      expect(await put('alpha', 'fleeting', 'd-own-policy', 'x')).toMatchObject({
        code: VALID,
        endorsers: ['AlphaMSP'],
      });
      expect(await put('alpha', 'fleeting', 'd-own-policy', 'x', ['BetaMSP'])).toMatchObject({
        code: ENDORSEMENT_POLICY_FAILURE,
        endorsers: ['BetaMSP'],
      });
    });

    it('is as the chaincode says too when a public value is written', async () => {
      const submit = async (endorsingOrganizations: string[]) =>
        (
          await commit(ledger().channel('alpha'), ledger().contract('alpha'), ['putBoth', 'fleeting', 'd-both'], {
            transientData: { value: 'x' },
            endorsingOrganizations,
          })
        ).code;
      expect(await submit(['AlphaMSP'])).toBe(ENDORSEMENT_POLICY_FAILURE);
      expect(await submit(both)).toBe(VALID);
    });
  });

  describe('delivery', () => {
    it('comes with its block to members, and is left out for outsiders', async () => {
      const { blockNumber } = await put('alpha', 'secrets', 'd-sent', 'sent along');
      expect(await delivered(ledger(), 'alpha', blockNumber)).toContain('sent along');
      expect(await delivered(ledger(), 'gamma', blockNumber)).not.toContain('sent along');
    });
  });

  describe('a purge', () => {
    it('takes the value, its hash and the earlier write sets', async () => {
      const key = sha256Hex('d-purged');
      const { blockNumber } = await put('alpha', 'secrets', 'd-purged', 'purged-value-4711');
      const purge = await call('purgeSecret', 'secrets', 'd-purged');
      expect(purge.sets.probe).toEqual({ collections: { secrets: { writes: [`${key} purged`], values: true } } });
      expect([await read2('d-purged'), await hash('alpha', 'd-purged')]).toEqual(['', '']);
      await eventually(async () =>
        expect(await delivered(ledger(), 'alpha', blockNumber)).not.toContain('purged-value-4711'),
      );
    });
    const read2 = (key: string) => read('alpha', 'secrets', key);

    it('of what was never there is valid', async () => {
      expect((await call('purgeSecret', 'secrets', 'd-never')).code).toBe(VALID);
    });

    it('lets the key be written again', async () => {
      await put('alpha', 'secrets', 'd-anew', 'old');
      await call('purgeSecret', 'secrets', 'd-anew');
      await put('alpha', 'secrets', 'd-anew', 'new');
      expect([await read2('d-anew'), await hash('alpha', 'd-anew')]).toEqual(['new', sha256Hex('new')]);
    });

    it('is a change to those who have read the key', async () => {
      await put('alpha', 'secrets', 'd-read-purged', 'x');
      const contract = ledger().contract('alpha');
      const reading = await contract
        .newProposal('readSecretThenPut', {
          arguments: ['secrets', 'd-read-purged', 'd-after'],
          endorsingOrganizations: both,
        })
        .endorse();
      await call('purgeSecret', 'secrets', 'd-read-purged');
      expect((await settled(ledger().channel('alpha'), await reading.submit())).code).toBe(MVCC_READ_CONFLICT);
    });
  });

  checkPrivateRanges(ledger);

  describe('removing', () => {
    it('is a change to those who have read the key', async () => {
      await put('alpha', 'secrets', 'd-read-removed', 'x');
      const reading = await ledger()
        .contract('alpha')
        .newProposal('readSecretThenPut', {
          arguments: ['secrets', 'd-read-removed', 'd-after-removal'],
          endorsingOrganizations: both,
        })
        .endorse();
      await call('removeSecret', 'secrets', 'd-read-removed');
      expect((await settled(ledger().channel('alpha'), await reading.submit())).code).toBe(MVCC_READ_CONFLICT);
    });

    it('of what was never there is valid, and twice in a block too', async () => {
      expect((await call('removeSecret', 'secrets', 'd-nowhere')).code).toBe(VALID);
      await put('alpha', 'secrets', 'd-twice', 'x');
      const { outcomes } = await inOneBlock(ledger().channel('alpha'), () =>
        Promise.all(
          [1, 2].map(() =>
            ledger()
              .contract('alpha')
              .newProposal('removeSecret', { arguments: ['secrets', 'd-twice'], endorsingOrganizations: both })
              .endorse(),
          ),
        ),
      );
      expect(outcomes.map(({ code }) => code)).toEqual([VALID, VALID]);
      expect([await read('alpha', 'secrets', 'd-twice'), await hash('alpha', 'd-twice')]).toEqual(['', '']);
    });
  });

  describe('blockToLive', () => {
    it('ends value and hash with the block after so many', async () => {
      const { blockNumber } = await put('alpha', 'fleeting', 'd-brief', 'for two blocks');
      for (let block = 0; block < 3; block += 1) {
        expect([await read('alpha', 'fleeting', 'd-brief'), await hash('gamma', 'd-brief', 'fleeting')]).toEqual([
          'for two blocks',
          sha256Hex('for two blocks'),
        ]);
        await call('put', 'd-tick', String(block));
      }
      expect([await read('alpha', 'fleeting', 'd-brief'), await hash('alpha', 'd-brief', 'fleeting')]).toEqual([
        '',
        '',
      ]);
      await eventually(async () =>
        expect(await delivered(ledger(), 'alpha', blockNumber)).not.toContain('for two blocks'),
      );
    });

    it('is counted anew with each write', async () => {
      await put('alpha', 'fleeting', 'd-renewed', 'first');
      await call('put', 'd-tick', 'a');
      await put('alpha', 'fleeting', 'd-renewed', 'second');
      await call('put', 'd-tick', 'b');
      await call('put', 'd-tick', 'c');
      expect(await read('alpha', 'fleeting', 'd-renewed')).toBe('second');
      await call('put', 'd-tick', 'd');
      expect(await read('alpha', 'fleeting', 'd-renewed')).toBe('');
    });
  });

  it('shows the chaincode its organisation', async () => {
    for (const member of ['alpha', 'beta', 'gamma'] as const)
      expect(text(await ledger().contract(member).evaluateTransaction('whereami'))).toBe(
        ledger().identity(member).mspId,
      );
  });
}

/** The private data that an organisation's gateway delivers with a block, as text. */
async function delivered(ledger: Ledger, member: Member, block: bigint): Promise<string> {
  const blocks = await ledger.channel(member).getBlockAndPrivateDataEvents({ startBlock: block });
  try {
    for await (const item of blocks) {
      const sets: string[] = [];
      item.getPrivateDataMapMap().forEach((set) => {
        sets.push(Buffer.from(set.serializeBinary()).toString('latin1'));
      });
      return sets.join();
    }
    return '';
  } finally {
    blocks.close();
  }
}
