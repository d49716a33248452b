import { status } from '@grpc/grpc-js';
import { CommitError, GatewayError } from '@hyperledger/fabric-gateway';
import { parseLedgerError } from '#chaincode/model/errors.ts';
import { ConnectorError } from '../errors.ts';

/** `MVCC_READ_CONFLICT` of Fabric's TxValidationCode. */
const mvccReadConflict = 11;

/** What a gateway says of a peer whose result differs from another's: one of them has not caught up. */
const disagreement = 'ProposalResponsePayloads do not match';

/**
 * What a failed call means: the contract's own refusal by its code, LEDGER_CONFLICT where another transaction came first,
 * or peers disagree, LEDGER_UNAVAILABLE where no answer came. Anything else is a fault of this program or the network's set-up: INTERNAL.
 */
export function ledgerFailure(error: unknown): ConnectorError {
  if (error instanceof CommitError) {
    if (error.code === mvccReadConflict) {
      return new ConnectorError('LEDGER_CONFLICT', 'another transaction changed the same state first', {
        cause: error,
      });
    }
    return new ConnectorError('INTERNAL', 'the ledger found the transaction invalid', { cause: error });
  }
  if (error instanceof GatewayError) {
    for (const message of [...error.details.map((detail) => detail.message), error.message]) {
      const refusal = parseLedgerError(message);
      if (refusal) return new ConnectorError(refusal.code, refusal.detail, { cause: error });
    }
    if (error.details.some(({ message }) => message.includes(disagreement))) {
      return new ConnectorError('LEDGER_CONFLICT', 'the peers are not at the same block', { cause: error });
    }
    if (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED) {
      return new ConnectorError('LEDGER_UNAVAILABLE', 'the ledger does not answer', { cause: error });
    }
  }
  return new ConnectorError('INTERNAL', 'the ledger refused the call', { cause: error });
}
