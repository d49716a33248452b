import { generateKeyPairSync } from 'node:crypto';
import { type ServiceError, status } from '@grpc/grpc-js';
import { CommitStatusError, type Contract, EndorseError, GatewayError, type Signer } from '@hyperledger/fabric-gateway';
import { describe, expect, it } from 'vitest';
import { raiseS, signLowS } from '../../devnet/identity/signature.ts';
import { gatewayError, signerOf } from '../../devnet/testing/client.ts';
import { altered, submitPayload } from '../envelope.ts';
import type { Ledger } from '../ledger.ts';
import type { Credential } from '../profile.ts';

const notWriter =
  '10 ABORTED: received unsuccessful response from orderer: status=FORBIDDEN, info=implicit policy evaluation failed - 0 sub-policies ' +
  "were satisfied, but this policy requires 1 of the 'Writers' sub-policies to be satisfied: permission denied";
const notReader =
  '7 PERMISSION_DENIED: Failed evaluating policy on signed data during check policy on channel [one] with policy ' +
  '[/Channel/Application/Readers]: [implicit policy evaluation failed - 0 sub-policies were satisfied, but this policy ' +
  "requires 1 of the 'Readers' sub-policies to be satisfied]";

/** Who is refused, and with which code, message and details. */
export function checkRefusals(ledger: () => Ledger): void {
  const contractOf = (credential: Credential, signer?: Signer): Contract =>
    ledger().connect('alpha', credential, signer).gateway.getNetwork('one').getContract('probe');
  const alpha = () => ledger().identity('alpha');
  const strangerKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  describe('a chaincode’s own refusal', () => {
    const details = [{ mspId: 'AlphaMSP', address: expect.any(String), message: 'chaincode response 500, NOT_TODAY' }];

    it('is UNKNOWN when evaluated', async () => {
      const error = await gatewayError(ledger().contract('alpha').evaluateTransaction('refuse', 'NOT_TODAY'));
      expect([error.constructor, error.message, error.details]).toEqual([
        GatewayError,
        '2 UNKNOWN: evaluate call to endorser returned error: chaincode response 500, NOT_TODAY',
        details,
      ]);
    });

    it('is ABORTED when endorsed, with the refusal in the details', async () => {
      const error = await gatewayError(ledger().contract('alpha').submitTransaction('refuse', 'NOT_TODAY'));
      expect([error.constructor, error.message, error.details]).toEqual([
        EndorseError,
        '10 ABORTED: failed to endorse transaction, see attached details for more info',
        details,
      ]);
    });

    it('comes from each organisation that was named', async () => {
      const endorsingOrganizations = ['BetaMSP', 'GammaMSP'];
      const call = ledger()
        .contract('alpha')
        .submit('refuse', { arguments: ['NO'], endorsingOrganizations });
      const error = await gatewayError(call);
      expect(error.message).toBe(
        '10 ABORTED: failed to collect enough transaction endorsements, see attached details for more info',
      );
      expect(error.details.map(({ mspId, message }) => `${mspId} ${message}`).sort()).toEqual([
        'BetaMSP chaincode response 500, NO',
        'GammaMSP chaincode response 500, NO',
      ]);
    });

    it('tells of an unknown function and a wrong number of arguments as the shim does', async () => {
      for (const call of [['nowhere'], ['get']])
        expect(
          (
            await gatewayError(
              ledger()
                .contract('alpha')
                .evaluateTransaction(...(call as [string])),
            )
          ).code,
        ).toBe(status.UNKNOWN);
    });
  });

  /** Calls that reach the peer's checks of a proposal. */
  const refusedProposal = async (contract: Contract) => {
    const evaluated = await gatewayError(contract.evaluateTransaction('get', 'f-key'));
    const endorsed = await gatewayError(contract.submitTransaction('put', 'f-key', 'x'));
    expect(endorsed.message).toBe('10 ABORTED: failed to endorse transaction, see attached details for more info');
    expect(evaluated.details).toEqual(endorsed.details);
    const [detail] = endorsed.details;
    expect([evaluated.code, evaluated.message]).toEqual([
      status.FAILED_PRECONDITION,
      `9 FAILED_PRECONDITION: evaluate call to endorser returned error: ${detail?.message}`,
    ]);
    expect([endorsed.details.length, detail?.mspId]).toEqual([1, 'AlphaMSP']);
    return detail?.message;
  };
  const denied = 'error validating proposal: access denied: channel [one] creator org';
  const malformed = `${denied} unknown, creator is malformed`;

  describe('a proposal', () => {
    it.each([
      [
        'signed with another key',
        () => alpha(),
        async (m: Uint8Array) => signLowS(strangerKey, m),
        `${denied} [AlphaMSP]`,
      ],
      [
        'signed with a high S',
        () => alpha(),
        async (m: Uint8Array) => raiseS(await signerOf(alpha())(m)),
        `${denied} [AlphaMSP]`,
      ],
      ['with an empty signature', () => alpha(), async () => Buffer.of(0), `${denied} [AlphaMSP]`],
      ['of an unknown MSP', () => ledger().identity('foreign'), undefined, malformed],
      [
        'of a stranger in a known MSP',
        () => ({ ...ledger().identity('foreign'), mspId: 'AlphaMSP' }),
        undefined,
        malformed,
      ],
      ['of a revoked certificate', () => ledger().identity('revoked'), undefined, `${denied} [AlphaMSP]`],
      ['of a certificate that is none', () => ({ ...alpha(), certPem: 'nothing' }), undefined, malformed],
    ])('%s is refused', async (_name, credential, signer, message) => {
      expect(await refusedProposal(contractOf(credential(), signer))).toBe(message);
    });

    it('of an expired certificate is refused by each peer that is asked', async () => {
      const contract = contractOf(ledger().identity('expired'));
      const expired = 'proposal client identity expired';
      const elsewhere = `rpc error: code = Unknown desc = ${expired}`;
      const messages = (error: GatewayError) =>
        error.details.map(({ mspId, message }) => `${mspId}: ${message}`).sort();
      const evaluated = await gatewayError(contract.evaluateTransaction('get', 'f-key'));
      expect([evaluated.message, messages(evaluated)]).toEqual([
        '14 UNAVAILABLE: failed to evaluate transaction, see attached details for more info',
        [`AlphaMSP: ${expired}`, `BetaMSP: ${elsewhere}`, `GammaMSP: ${elsewhere}`],
      ]);
      const endorsed = await gatewayError(contract.submitTransaction('put', 'f-key', 'x'));
      expect([endorsed.message, messages(endorsed)]).toEqual([
        '10 ABORTED: failed to endorse transaction, see attached details for more info',
        [`AlphaMSP: ${expired}`],
      ]);
    });
  });

  describe('a channel and a chaincode', () => {
    it('that do not exist are told', async () => {
      const { gateway } = ledger().client('alpha');
      const messages: string[] = [];
      for (const contract of [
        gateway.getNetwork('nowhere').getContract('probe'),
        gateway.getNetwork('one').getContract('nothing'),
      ])
        for (const call of [
          () => contract.evaluateTransaction('get', 'a'),
          () => contract.submitTransaction('put', 'a', 'x'),
          () => contract.submit('put', { arguments: ['a', 'x'], endorsingOrganizations: ['AlphaMSP', 'BetaMSP'] }),
        ])
          messages.push((await gatewayError(call())).message);
      expect(messages).toEqual([
        '14 UNAVAILABLE: failed to get config for channel [nowhere]: could not get last config for channel nowhere',
        '9 FAILED_PRECONDITION: no combination of peers can be derived which satisfy the endorsement policy: No metadata was found for chaincode probe in channel nowhere',
        '14 UNAVAILABLE: failed to find any endorsing peers for org(s): AlphaMSP, BetaMSP',
        '9 FAILED_PRECONDITION: no peers available to evaluate chaincode nothing in channel one',
        '9 FAILED_PRECONDITION: no combination of peers can be derived which satisfy the endorsement policy: No metadata was found for chaincode nothing in channel one',
        '14 UNAVAILABLE: failed to find any endorsing peers for org(s): AlphaMSP, BetaMSP',
      ]);
    });

    it('need organisations that have a peer for it', async () => {
      const contract = ledger().contract('alpha');
      const evaluated = await gatewayError(
        contract.evaluate('get', { arguments: ['a'], endorsingOrganizations: ['GuestMSP'] }),
      );
      const endorsed = await gatewayError(
        contract.submit('put', { arguments: ['a', 'x'], endorsingOrganizations: ['AlphaMSP', 'GuestMSP'] }),
      );
      expect([evaluated.message, endorsed.message]).toEqual([
        '9 FAILED_PRECONDITION: no peers available to evaluate chaincode probe in channel one',
        '14 UNAVAILABLE: failed to find any endorsing peers for org(s): GuestMSP',
      ]);
    });
  });

  describe('a transaction', () => {
    const submitted = async (
      credential: Credential,
      sign?: Signer,
      change: Parameters<typeof altered>[1] = () => {},
    ) => {
      const endorsed = await ledger()
        .contract('alpha')
        .newProposal('put', { arguments: ['f-never', 'x'] })
        .endorse();
      const call = submitPayload(ledger(), altered(endorsed, change), credential, sign ?? signerOf(credential));
      return call.then(
        () => 'accepted',
        (error: ServiceError) => error.message,
      );
    };
    it.each([
      ['signed with another key', async () => submitted(alpha(), async (m) => signLowS(strangerKey, m)), notWriter],
      [
        'signed with a high S',
        async () => submitted(alpha(), async (m) => raiseS(await signerOf(alpha())(m))),
        notWriter,
      ],
      ['signed by another client', async () => submitted(ledger().identity('beta')), notWriter],
      [
        'for another channel',
        async () => submitted(alpha(), undefined, ({ channelHeader }) => channelHeader.setChannelId('nowhere')),
        '10 ABORTED: received unsuccessful response from orderer: status=BAD_REQUEST, info=channel does not exist',
      ],
    ])('%s is refused by the orderer', async (_name, call, message) => {
      expect(await call()).toBe(message);
    });

    it('that nobody signed is refused at once', async () => {
      expect(await submitted(alpha(), async () => new Uint8Array())).toBe(
        '3 INVALID_ARGUMENT: prepared transaction must be signed',
      );
    });

    it('that is refused has the error class of its stage', async () => {
      const { gateway } = ledger().connect('alpha', alpha(), null);
      const sign = signerOf(alpha());
      const unsigned = gateway
        .getNetwork('one')
        .getContract('probe')
        .newProposal('put', { arguments: ['f-class', 'x'] });
      const proposal = gateway.newSignedProposal(unsigned.getBytes(), await sign(unsigned.getDigest()));
      const endorsed = await proposal.endorse();
      const transaction = gateway.newSignedTransaction(
        endorsed.getBytes(),
        signLowS(strangerKey, endorsed.getDigest()),
      );
      // fabric-gateway exports this class as a type only.
      expect((await gatewayError(transaction.submit())).name).toBe('SubmitError');
      const good = await gateway.newSignedTransaction(endorsed.getBytes(), await sign(endorsed.getDigest())).submit();
      const commit = gateway.newSignedCommit(good.getBytes(), signLowS(strangerKey, good.getDigest()));
      const refused = await gatewayError(commit.getStatus());
      expect(refused).toBeInstanceOf(CommitStatusError);
      expect(refused.message).toBe(notReader);
    });
  });

  describe('a request for events', () => {
    it.each([
      ['of an unknown MSP is refused', () => ledger().identity('foreign'), notReader],
      ['of a revoked certificate is refused', () => ledger().identity('revoked'), notReader],
      [
        'of an expired certificate is refused blocks, not chaincode events',
        () => ledger().identity('expired'),
        'served',
      ],
    ])('%s', async (_name, credential, chaincodeEvents) => {
      await ledger().contract('alpha').submitTransaction('count', 'f-event');
      const { gateway } = ledger().connect('alpha', credential());
      const network = gateway.getNetwork('one');
      const first = async (open: () => Promise<AsyncIterable<unknown> & { close(): void }>) => {
        const events = await open();
        try {
          for await (const _event of events) return 'served';
          return 'ended';
        } catch (error) {
          return error instanceof Error ? error.message : String(error);
        } finally {
          events.close();
        }
      };
      expect([
        await first(() => network.getChaincodeEvents('probe', { startBlock: 0n })),
        await first(() => network.getBlockEvents({ startBlock: 0n })),
        await first(() => network.getFilteredBlockEvents({ startBlock: 0n })),
        await first(() => network.getBlockAndPrivateDataEvents({ startBlock: 0n })),
      ]).toEqual([chaincodeEvents, ...Array(3).fill('Unexpected status response: 403')]);
    });
  });
}
