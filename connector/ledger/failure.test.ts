import { status } from '@grpc/grpc-js';
import { CommitError, GatewayError } from '@hyperledger/fabric-gateway';
import { describe, expect, it } from 'vitest';
import { LedgerError } from '#chaincode/model/errors.ts';
import { ConnectorError } from '../errors.ts';
import { ledgerFailure } from './failure.ts';

/** The gateway's errors are made from gRPC errors inside the client; only what is read of them matters here. */
function gatewayError(code: number, message: string, details: string[] = []): GatewayError {
  const error: GatewayError = Object.create(GatewayError.prototype);
  const all = details.map((text) => ({ address: 'peer', mspId: 'HospitalMSP', message: text }));
  return Object.assign(error, { code, message, details: all });
}

function commitError(code: number): CommitError {
  const error: CommitError = Object.create(CommitError.prototype);
  return Object.assign(error, { code, transactionId: 'a' });
}

describe('ledgerFailure', () => {
  it('keeps the code of a contract’s refusal, wherever Fabric put it', () => {
    const { message } = new LedgerError('LICENCE_INVALID', 'expired yesterday');
    const inDetail = gatewayError(status.ABORTED, 'failed to endorse', [`chaincode response 500, ${message}`]);
    const inMessage = gatewayError(status.UNKNOWN, `evaluate call to endorser returned error: ${message}`);
    for (const error of [inDetail, inMessage]) {
      expect(ledgerFailure(error)).toMatchObject({ code: 'LICENCE_INVALID', detail: 'expired yesterday', status: 409 });
    }
  });

  it('tells a conflict and an absent ledger from a fault', () => {
    expect(ledgerFailure(commitError(11)).code).toBe('LEDGER_CONFLICT');
    expect(ledgerFailure(commitError(10)).code).toBe('INTERNAL');
    const disagreement = gatewayError(status.ABORTED, 'failed', ['ProposalResponsePayloads do not match']);
    expect(ledgerFailure(disagreement).code).toBe('LEDGER_CONFLICT');
    expect(ledgerFailure(gatewayError(status.UNAVAILABLE, 'no connection')).code).toBe('LEDGER_UNAVAILABLE');
    expect(ledgerFailure(gatewayError(status.DEADLINE_EXCEEDED, 'late')).code).toBe('LEDGER_UNAVAILABLE');
    expect(ledgerFailure(gatewayError(status.PERMISSION_DENIED, 'no')).code).toBe('INTERNAL');
    expect(ledgerFailure(new Error('other')).code).toBe('INTERNAL');
  });

  it('keeps the cause for the log and out of what is told', () => {
    const error = gatewayError(status.UNAVAILABLE, 'secret host name');
    const failure = ledgerFailure(error);
    expect(failure).toBeInstanceOf(ConnectorError);
    expect(failure.cause).toBe(error);
    expect(failure.detail).not.toContain('secret');
  });
});
