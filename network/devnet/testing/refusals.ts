import { status } from '@grpc/grpc-js';
import { hash } from '@hyperledger/fabric-gateway';
import { common, gateway as gatewayProtos, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { raiseS } from '../identity/signature.ts';
import { signerOf, strangerSigner } from './client.ts';
import { gatewayError, type Harness, text } from './harness.ts';
import { createOrganisation, enrol } from './organisations.ts';
import { eventually } from './processes.ts';

const codes = peer.TxValidationCode;

/** What a peer must refuse, and with which words. */
export function describeRefusals(harness: () => Harness): void {
  const probeOf = async (
    via: 'alpha' | 'beta' | 'gamma',
    credential: Awaited<ReturnType<typeof enrol>>,
    signer?: ReturnType<typeof signerOf>,
  ) => harness().connect(via, credential, signer).gateway.getNetwork('one').getContract('probe');

  describe('refusals', () => {
    it('carries the message of a chaincode in the details', async () => {
      const contract = await harness().contract('alpha');
      const evaluated = await gatewayError(contract.evaluateTransaction('refuse', 'NOT_TODAY'));
      expect(evaluated.code).toBe(status.UNKNOWN);
      expect(evaluated.details).toMatchObject([{ mspId: 'AlphaMSP', message: 'chaincode response 500, NOT_TODAY' }]);
      const endorsed = await gatewayError(contract.submitTransaction('refuse', 'NOT_TODAY'));
      expect(endorsed.name).toBe('EndorseError');
      expect(endorsed.code).toBe(status.ABORTED);
      expect(endorsed.details).toMatchObject([{ mspId: 'AlphaMSP', message: 'chaincode response 500, NOT_TODAY' }]);
    });

    it('refuses a signature of another key, and a high S', async () => {
      const credential = await enrol(harness().network.organisations.alpha);
      const sign = signerOf(credential);
      for (const signer of [strangerSigner(), async (message: Uint8Array) => raiseS(await sign(message))]) {
        const contract = await probeOf('alpha', credential, signer);
        const endorsed = await gatewayError(contract.submitTransaction('count', 'never'));
        expect(endorsed.code).toBe(status.ABORTED);
        expect(endorsed.details[0]?.message).toContain('access denied: channel [one] creator org [AlphaMSP]');
        expect((await gatewayError(contract.evaluateTransaction('get', 'never'))).code).toBe(
          status.FAILED_PRECONDITION,
        );
      }
    });

    it('refuses an unknown MSP, and a certificate of a stranger in a known one', async () => {
      const stranger = await createOrganisation('StrangerMSP', false);
      const credential = await enrol(stranger);
      for (const mspId of ['StrangerMSP', 'AlphaMSP']) {
        const contract = await probeOf('alpha', { ...credential, mspId });
        const error = await gatewayError(contract.submitTransaction('count', 'never'));
        expect(error.code).toBe(status.ABORTED);
        expect(error.details[0]?.message).toContain('access denied');
      }
    });

    it('refuses a channel and a chaincode that do not exist', async () => {
      const credential = await enrol(harness().network.organisations.alpha);
      const { gateway } = harness().connect('alpha', credential);
      const noChannel = gateway.getNetwork('nowhere').getContract('probe').evaluateTransaction('get', 'a');
      expect((await gatewayError(noChannel)).code).toBe(status.UNAVAILABLE);
      const noChaincode = gateway.getNetwork('one').getContract('nothing').submitTransaction('get', 'a');
      expect((await gatewayError(noChaincode)).code).toBe(status.FAILED_PRECONDITION);
    });

    it('refuses results that differ between organisations', async () => {
      const contract = await harness().contract('alpha');
      const error = await gatewayError(contract.submitTransaction('disagree', 'key'));
      expect(error.code).toBe(status.ABORTED);
      expect(error.details.map(({ mspId }) => mspId).sort()).toEqual(['BetaMSP', 'GammaMSP']);
      expect(error.details[0]?.message).toContain('do not match');
    });

    it('does not accept a transaction that too few have endorsed', async () => {
      const contract = await harness().contract('alpha');
      const proposal = contract.newProposal('count', { arguments: ['few'], endorsingOrganizations: ['AlphaMSP'] });
      const outcome = await (await (await proposal.endorse()).submit()).getStatus();
      expect(outcome.code).toBe(codes.ENDORSEMENT_POLICY_FAILURE);
      expect(text(await contract.evaluateTransaction('get', 'few'))).toBe('');
    });

    it('does not accept a read-write set that was changed after the endorsement', async () => {
      const credential = await enrol(harness().network.organisations.alpha);
      const { gateway } = harness().connect('alpha', credential);
      const contract = gateway.getNetwork('one').getContract('probe');
      const endorsed = await contract.newProposal('put', { arguments: ['tampered', 'AAAA'] }).endorse();
      const prepared = gatewayProtos.PreparedTransaction.deserializeBinary(endorsed.getBytes());
      const envelope = prepared.getEnvelope() ?? new common.Envelope();
      const payload = Buffer.from(envelope.getPayload_asU8());
      const at = payload.lastIndexOf('AAAA');
      payload.write('BBBB', at);
      envelope.setPayload(payload);
      prepared.setEnvelope(envelope);
      const digest = hash.none(payload);
      const transaction = gateway.newSignedTransaction(prepared.serializeBinary(), await signerOf(credential)(digest));
      const outcome = await (await transaction.submit()).getStatus();
      expect(outcome.successful).toBe(false);
      expect(text(await contract.evaluateTransaction('get', 'tampered'))).toBe('');
    });

    it('commits a transaction once, however often it is submitted', async () => {
      const contract = await harness().contract('alpha');
      const endorsed = await contract.newProposal('put', { arguments: ['once', 'x'] }).endorse();
      const first = await (await endorsed.submit()).getStatus();
      const second = await (await endorsed.submit()).getStatus();
      expect([second.code, second.blockNumber]).toEqual([first.code, first.blockNumber]);
      await contract.submitTransaction('put', 'once-more', 'x');
      expect(JSON.parse(text(await contract.evaluateTransaction('history', 'once')))).toHaveLength(1);
    });

    it('says that a chaincode is gone, goes on with the others, and finds it again', async () => {
      const { network } = harness();
      const contract = await harness().contract('beta');
      const hanging = gatewayError(contract.evaluateTransaction('hang'));
      await eventually(async () => {
        await contract.evaluateTransaction('get', 'a');
      });
      await network.killChaincode('BetaMSP');
      const answered = await Promise.race([hanging, contract.evaluateTransaction('get', 'a')]);
      expect(answered).toBeInstanceOf(Uint8Array);
      const refused = await gatewayError(contract.submitTransaction('count', 'gone'));
      expect(refused.code).toBe(status.ABORTED);
      expect(refused.details[0]).toMatchObject({ mspId: 'BetaMSP' });
      network.startChaincode('BetaMSP');
      await eventually(() => contract.submitTransaction('count', 'gone'), 60_000);
    }, 90_000);
  });
}
