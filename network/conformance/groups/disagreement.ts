import { status } from '@grpc/grpc-js';
import { EndorseError } from '@hyperledger/fabric-gateway';
import { expect, it } from 'vitest';
import { gatewayError, text } from '../../devnet/testing/client.ts';
import type { Ledger } from '../ledger.ts';

/** A chaincode that gives another result on each organisation's peer. */
export function checkDisagreement(ledger: () => Ledger): void {
  const contract = () => ledger().contract('alpha');

  it('is not endorsed: no two peers agree with the gateway’s', async () => {
    const error = await gatewayError(contract().submitTransaction('disagree', 'n-key'));
    expect(error).toBeInstanceOf(EndorseError);
    expect(error.code).toBe(status.ABORTED);
    expect(error.message).toBe(
      '10 ABORTED: failed to collect enough transaction endorsements, see attached details for more info',
    );
    expect(error.details.map(({ mspId }) => mspId).sort()).toEqual(['BetaMSP', 'GammaMSP']);
    for (const { message, mspId, address } of error.details) {
      expect(message).toBe('ProposalResponsePayloads do not match');
      expect(address).toBe(ledger().profile.gateways[mspId === 'BetaMSP' ? 'beta' : 'gamma'].address);
    }
  });

  it('is not endorsed by named organisations that differ', async () => {
    const endorsingOrganizations = ['BetaMSP', 'GammaMSP'];
    const error = await gatewayError(contract().submit('disagree', { arguments: ['n-named'], endorsingOrganizations }));
    expect([error.code, error.details.length]).toEqual([status.ABORTED, 1]);
    expect(error.details[0]?.message).toBe('ProposalResponsePayloads do not match');
  });

  it('is evaluated by the gateway’s own peer, and by another that is named', async () => {
    expect(text(await contract().evaluate('disagree', { arguments: ['n-key'] }))).toBe('');
    for (const mspId of ['AlphaMSP', 'BetaMSP', 'GammaMSP'])
      expect(text(await contract().evaluate('whereami', { endorsingOrganizations: [mspId] }))).toBe(mspId);
  });

  it('leaves nothing behind', async () => {
    expect(text(await contract().evaluateTransaction('get', 'n-key'))).toBe('');
  });
}
