import { Metadata, status } from '@grpc/grpc-js';
import { EndorseError, type GatewayError } from '@hyperledger/fabric-gateway';
import { describe, expect, it } from 'vitest';
import { invalidTransaction, ledgerFault } from './faults.ts';

/** What a call failed with; the words are those of Hyperledger Fabric v3.1. */
function failure(code: number, message: string, ...details: string[]): GatewayError {
  return new EndorseError({
    ...{ code, message, transactionId: '0' },
    details: details.map((text) => ({ address: 'peer:7051', mspId: 'RegulatorMSP', message: text })),
    cause: Object.assign(new Error(message), { code, details: message, metadata: new Metadata() }),
  });
}

describe('ledgerFault', () => {
  it.each([
    [
      'a chaincode that is down',
      failure(
        status.ABORTED,
        'failed to endorse transaction, see attached details for more info',
        'error in simulation: failed to execute transaction 1: could not launch chaincode registry_1:3c: connection to registry_1:3c failed: error cannot create connection for registry_1:3c: dial tcp 127.0.0.1:20001: connect: connection refused',
      ),
    ],
    [
      'a chaincode that went away in the midst of a call',
      failure(
        status.ABORTED,
        'failed to endorse transaction, see attached details for more info',
        'error in simulation: failed to execute transaction 1: error sending: chaincode stream terminated',
      ),
    ],
    [
      'an organisation whose peer is down',
      failure(
        status.FAILED_PRECONDITION,
        'failed to select a set of endorsers that satisfy the endorsement policy due to unavailability of peers: [{peer:7051 RegulatorMSP}]',
      ),
    ],
    [
      'peers that have not found each other yet',
      failure(status.FAILED_PRECONDITION, 'no peer combination can satisfy the endorsement policy'),
    ],
    [
      'orderers without a leader',
      failure(
        status.UNAVAILABLE,
        'no orderers could successfully process transaction',
        'SERVICE_UNAVAILABLE: no Raft leader',
      ),
    ],
    ['a gateway that is down', failure(status.UNAVAILABLE, 'No connection established')],
    [
      'no answer in time',
      failure(status.DEADLINE_EXCEEDED, 'endorsement timeout expired while collecting first endorsement'),
    ],
  ])('tells of %s that the ledger is unavailable', (_what, error) => {
    expect(ledgerFault(error, 'endorse').code).toBe('LEDGER_UNAVAILABLE');
  });

  it('passes on the code of the contract, wherever it stands', () => {
    const refused = failure(
      status.ABORTED,
      'failed to endorse transaction, see attached details for more info',
      'chaincode response 500, {"code":"SUSPENDED","detail":"prac-1"}',
    );
    expect(ledgerFault(refused, 'endorse')).toMatchObject({ code: 'SUSPENDED' });
  });

  it.each([
    [
      'a certificate that is revoked, or not signed with its key',
      failure(
        status.ABORTED,
        'failed to endorse transaction, see attached details for more info',
        'error validating proposal: access denied: channel [care-0] creator org [HospitalMSP]',
      ),
    ],
    [
      'a certificate that has expired',
      failure(
        status.UNAVAILABLE,
        'failed to evaluate transaction, see attached details for more info',
        'proposal client identity expired',
      ),
    ],
    [
      'one that has expired since it was endorsed',
      failure(
        status.ABORTED,
        'received unsuccessful response from orderer: status=BAD_REQUEST, info=broadcast client identity expired',
      ),
    ],
    [
      'one that may not write to the channel',
      failure(
        status.FAILED_PRECONDITION,
        'evaluate call to endorser returned error: Failed evaluating policy on signed data during check policy on channel [one] ' +
          'with policy [/Channel/Application/Writers]: [implicit policy evaluation failed]',
      ),
    ],
    [
      'one that the orderer does not take',
      failure(
        status.ABORTED,
        'received unsuccessful response from orderer: status=FORBIDDEN, info=implicit policy evaluation failed: permission denied',
      ),
    ],
  ])('tells of %s that it is not authorised', (_what, error) => {
    expect(ledgerFault(error, 'endorse').code).toBe('NOT_AUTHORISED');
  });

  it('takes anything else for a fault of its own', () => {
    const odd = failure(status.ABORTED, 'failed to endorse transaction', 'ProposalResponsePayloads do not match');
    expect(ledgerFault(odd, 'endorse').code).toBe('INTERNAL');
    expect(invalidTransaction(10).code).toBe('INTERNAL');
    expect(invalidTransaction(11).code).toBe('LEDGER_CONFLICT');
  });
});
