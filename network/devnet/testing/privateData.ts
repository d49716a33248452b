import { createHash } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { ledger } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { gatewayError, type Harness, text } from './harness.ts';

/** Private data: who may read and write it, what the others see, what a purge leaves. */
export function describePrivateData(harness: () => Harness): void {
  const put = async (member: 'alpha' | 'beta' | 'gamma' | 'guest', key: string, value: string) =>
    (await harness().contract(member)).submit('putSecret', { arguments: [key], transientData: { value } });

  describe('private data', () => {
    it('is read by members, through every member peer, also without a peer of their own', async () => {
      await put('alpha', 'shared', 'the secret');
      for (const member of ['alpha', 'beta', 'guest'] as const)
        expect(text(await (await harness().contract(member)).evaluateTransaction('getSecret', 'shared'))).toBe(
          'the secret',
        );
    });

    it('is not read by outsiders, who see its hash', async () => {
      await put('alpha', 'hidden', 'the secret');
      const outsider = await harness().contract('gamma');
      const error = await gatewayError(outsider.evaluateTransaction('getSecret', 'hidden'));
      expect(error.details[0]?.message).toContain('does not have read access permission');
      const hash = text(await outsider.evaluateTransaction('secretHash', 'hidden'));
      expect(hash).toBe(createHash('sha256').update('the secret').digest('hex'));
    });

    it('is not held by the peer of an outsider, even for a member', async () => {
      await put('alpha', 'elsewhere', 'the secret');
      const contract = await harness().contract('alpha');
      const call = contract.evaluate('getSecret', { arguments: ['elsewhere'], endorsingOrganizations: ['GammaMSP'] });
      expect((await gatewayError(call)).details[0]?.message).toContain('is not available');
    });

    it('comes from transient data only', async () => {
      const contract = await harness().contract('alpha');
      const error = await gatewayError(contract.submitTransaction('putSecret', 'bare'));
      expect(error.details[0]?.message).toBe('chaincode response 500, transient value is missing');
    });

    it('never stands in a block', async () => {
      const value = 'a value to be looked for';
      const contract = await harness().contract('alpha');
      const proposal = contract.newProposal('putSecret', { arguments: ['looked'], transientData: { value } });
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
        arguments: ['sent'],
        transientData: { value: 'sent along' },
      });
      const { blockNumber } = await (await (await proposal.endorse()).submit()).getStatus();
      for (const [member, expected] of [
        ['alpha', true],
        ['gamma', false],
      ] as const) {
        const network = await harness().channel(member);
        const blocks = await network.getBlockAndPrivateDataEvents({ startBlock: blockNumber });
        for await (const item of blocks) {
          const sets = [...item.getPrivateDataMapMap().values()].map((set) =>
            Buffer.from((set as ledger.rwset.TxPvtReadWriteSet).serializeBinary()).toString('latin1'),
          );
          expect(sets.some((set) => set.includes('sent along'))).toBe(expected);
          break;
        }
        blocks.close();
      }
    });

    it('is gone after a purge: state, hash and earlier write sets', async () => {
      const value = 'purged-value-4711';
      const contract = await harness().contract('alpha');
      const proposal = contract.newProposal('putSecret', { arguments: ['short-lived'], transientData: { value } });
      const { blockNumber } = await (await (await proposal.endorse()).submit()).getStatus();
      await contract.submit('purgeSecret', {
        arguments: ['short-lived'],
        endorsingOrganizations: ['AlphaMSP', 'BetaMSP'],
      });
      expect(text(await contract.evaluateTransaction('getSecret', 'short-lived'))).toBe('');
      expect(text(await contract.evaluateTransaction('secretHash', 'short-lived'))).toBe('');
      const network = await harness().channel('alpha');
      const blocks = await network.getBlockAndPrivateDataEvents({ startBlock: blockNumber });
      for await (const item of blocks) {
        const sets = [...item.getPrivateDataMapMap().values()].map((set) =>
          Buffer.from((set as ledger.rwset.TxPvtReadWriteSet).serializeBinary()).toString('latin1'),
        );
        expect(sets.some((set) => set.includes(value))).toBe(false);
        break;
      }
      blocks.close();
    });

    it('goes to members only: an outsider is neither asked nor let in silently', async () => {
      const contract = await harness().contract('gamma');
      const proposal = contract.newProposal('putSecret', { arguments: ['astray'], transientData: { value: 'x' } });
      const endorsed = await proposal.endorse();
      const organisations = Buffer.from(endorsed.getBytes()).toString('latin1');
      expect(organisations).toContain('BetaMSP');
      expect((await (await endorsed.submit()).getStatus()).successful).toBe(true);
    });

    it('needs named endorsers where the members alone do not satisfy the policy', async () => {
      const { network } = harness();
      await network.killChaincode('BetaMSP');
      const contract = await harness().contract('alpha');
      const proposal = contract.newProposal('putSecret', { arguments: ['narrow'], transientData: { value: 'x' } });
      const error = await gatewayError(proposal.endorse());
      expect([status.ABORTED, status.FAILED_PRECONDITION]).toContain(error.code);
      const named = contract.submit('putSecret', {
        arguments: ['narrow'],
        transientData: { value: 'x' },
        endorsingOrganizations: ['AlphaMSP', 'GammaMSP'],
      });
      await named;
      expect(text(await contract.evaluateTransaction('getSecret', 'narrow'))).toBe('x');
      network.startChaincode('BetaMSP');
    });
  });
}
