import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { gatewayError, type Harness, text } from './harness.ts';

/** Private data: who may read and write it, what the others see, what a purge leaves. */
export function describePrivateData(harness: () => Harness): void {
  const put = async (member: 'alpha' | 'beta' | 'gamma' | 'guest', key: string, value: string) =>
    (await harness().contract(member)).submit('putSecret', { arguments: ['secrets', key], transientData: { value } });

  describe('private data', () => {
    it('is read by members, through every member peer, also without a peer of their own', async () => {
      await put('alpha', 'shared', 'the secret');
      for (const member of ['alpha', 'beta', 'guest'] as const)
        expect(
          text(await (await harness().contract(member)).evaluateTransaction('getSecret', 'secrets', 'shared')),
        ).toBe('the secret');
    });

    it('is not read by outsiders, who see its hash', async () => {
      await put('alpha', 'hidden', 'the secret');
      const outsider = await harness().contract('gamma');
      const error = await gatewayError(outsider.evaluateTransaction('getSecret', 'secrets', 'hidden'));
      expect(error.details[0]?.message).toContain('does not have read access permission');
      const hash = text(await outsider.evaluateTransaction('secretHash', 'secrets', 'hidden'));
      expect(hash).toBe(createHash('sha256').update('the secret').digest('hex'));
    });

    it('is not held by the peer of an outsider, even for a member', async () => {
      await put('alpha', 'elsewhere', 'the secret');
      const contract = await harness().contract('alpha');
      const call = contract.evaluate('getSecret', {
        arguments: ['secrets', 'elsewhere'],
        endorsingOrganizations: ['GammaMSP'],
      });
      expect((await gatewayError(call)).details[0]?.message).toContain('is not available');
    });

    it('comes from transient data only', async () => {
      const contract = await harness().contract('alpha');
      const error = await gatewayError(contract.submitTransaction('putSecret', 'secrets', 'bare'));
      expect(error.details[0]?.message).toBe('chaincode response 500, transient value is missing');
    });

    it('never stands in a block', async () => {
      const value = 'a value to be looked for';
      const contract = await harness().contract('alpha');
      const proposal = contract.newProposal('putSecret', {
        arguments: ['secrets', 'looked'],
        transientData: { value },
      });
      const submitted = await (await proposal.endorse()).submit();
      const { blockNumber } = await submitted.getStatus();
      const network = await harness().channel('alpha');
      const blocks = await network.getBlockEvents({ startBlock: blockNumber });
      for await (const block of blocks) {
        expect(Buffer.from(block.serializeBinary()).includes(value)).toBe(false);
        break;
      }
      blocks.close();
    });

    it('is delivered with its block to members, and left out for outsiders', async () => {
      const contract = await harness().contract('alpha');
      const proposal = contract.newProposal('putSecret', {
        arguments: ['secrets', 'sent'],
        transientData: { value: 'sent along' },
      });
      const { blockNumber } = await (await (await proposal.endorse()).submit()).getStatus();
      for (const [member, expected] of [
        ['alpha', true],
        ['gamma', false],
      ] as const) {
        const delivered = await deliveredPrivateData(harness(), member, blockNumber);
        expect(delivered.includes('sent along')).toBe(expected);
      }
    });

    it('is not written anywhere by an evaluation', async () => {
      const value = 'never-to-be-kept-4712';
      const contract = await harness().contract('alpha');
      await contract.evaluate('putSecret', { arguments: ['secrets', 'evaluated'], transientData: { value } });
      const folder = join(harness().network.config.stateDir, 'channels', 'one');
      for (const name of await readdir(folder))
        expect((await readFile(join(folder, name))).includes(value)).toBe(false);
    });

    it('is gone after a purge: state, hash and earlier write sets', async () => {
      const value = 'purged-value-4711';
      const contract = await harness().contract('alpha');
      const proposal = contract.newProposal('putSecret', {
        arguments: ['secrets', 'short-lived'],
        transientData: { value },
      });
      const { blockNumber } = await (await (await proposal.endorse()).submit()).getStatus();
      await contract.submit('purgeSecret', {
        arguments: ['secrets', 'short-lived'],
        endorsingOrganizations: ['AlphaMSP', 'BetaMSP'],
      });
      expect(text(await contract.evaluateTransaction('getSecret', 'secrets', 'short-lived'))).toBe('');
      expect(text(await contract.evaluateTransaction('secretHash', 'secrets', 'short-lived'))).toBe('');
      expect(await deliveredPrivateData(harness(), 'alpha', blockNumber)).not.toContain(value);
    });

    it('goes to members only: an outsider is neither asked nor let in silently', async () => {
      const contract = await harness().contract('gamma');
      const proposal = contract.newProposal('putSecret', {
        arguments: ['secrets', 'astray'],
        transientData: { value: 'x' },
      });
      const endorsed = await proposal.endorse();
      const organisations = Buffer.from(endorsed.getBytes()).toString('latin1');
      expect(organisations).toContain('BetaMSP');
      expect((await (await endorsed.submit()).getStatus()).successful).toBe(true);
    });

    it('needs named endorsers where the members alone do not satisfy the policy', async () => {
      const contract = await harness().contract('alpha');
      const options = { arguments: ['alone', 'narrow'], transientData: { value: 'x' } };
      const error = await gatewayError(contract.submit('putSecret', options));
      expect(error.code).toBe(status.FAILED_PRECONDITION);
      expect(error.message).toContain('not in the distribution policy of the private data collection(s): [alone]');
      await contract.submit('putSecret', { ...options, endorsingOrganizations: ['AlphaMSP', 'GammaMSP'] });
      expect(text(await contract.evaluateTransaction('getSecret', 'alone', 'narrow'))).toBe('x');
    });

    it('asks for the policy of the chaincode too when a public value is written', async () => {
      const contract = await harness().contract('alpha');
      const submit = async (organisations: string[]) => {
        const proposal = contract.newProposal('putBoth', {
          arguments: ['fleeting', 'both'],
          transientData: { value: 'x' },
          endorsingOrganizations: organisations,
        });
        return (await (await (await proposal.endorse()).submit()).getStatus()).code;
      };
      expect(await submit(['AlphaMSP'])).toBe(peer.TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
      expect(await submit(['AlphaMSP', 'BetaMSP'])).toBe(peer.TxValidationCode.VALID);
    });

    it('is endorsed as its collection says, written by members only, and expires', async () => {
      const contract = await harness().contract('alpha');
      const outsider = await harness().contract('guest');
      const options = { arguments: ['fleeting', 'brief'], transientData: { value: 'for two blocks' } };
      const refused = await gatewayError(outsider.submit('putSecret', options));
      expect(refused.details[0]?.message).toContain('does not have write access permission');
      const proposal = contract.newProposal('putSecret', options);
      const endorsed = await proposal.endorse();
      expect(Buffer.from(endorsed.getBytes()).toString('latin1')).not.toContain('BetaMSP');
      const { blockNumber } = await (await endorsed.submit()).getStatus();
      const read = async () => text(await contract.evaluateTransaction('getSecret', 'fleeting', 'brief'));
      for (let block = 0; block < 3; block += 1) {
        expect(await read()).toBe('for two blocks');
        await contract.submitTransaction('put', 'tick', String(block));
      }
      expect(await read()).toBe('');
      expect(await deliveredPrivateData(harness(), 'alpha', blockNumber)).not.toContain('for two blocks');
    });
  });
}

/** The private data that an organisation's gateway delivers with a block, as text. */
async function deliveredPrivateData(harness: Harness, member: 'alpha' | 'gamma', block: bigint): Promise<string> {
  const blocks = await (await harness.channel(member)).getBlockAndPrivateDataEvents({ startBlock: block });
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
