import { status } from '@grpc/grpc-js';
import { GatewayError, StatusCode } from '@hyperledger/fabric-gateway';
import { parseLedgerError } from '#chaincode/model/errors.ts';
import { AppError } from '#server/errors.ts';

/**
 * How peers and gateways say that something behind them is down: another peer, a chaincode process that does not run or went away
 * in the midst of a call, an organisation whose peers nobody has heard of (internal/pkg/gateway, core/chaincode, discovery/endorsement).
 */
const isDown = new RegExp(
  [
    ...['connection refused', 'failed to connect', 'could not launch chaincode', 'chaincode stream terminated'],
    ...['timeout expired while executing transaction', 'no peers available', 'unavailability of peers'],
    ...['failed to find any endorsing peers', 'no peer combination can satisfy the endorsement policy'],
    'required chaincodes are not installed on sufficient peers',
  ].join('|'),
  'i',
);

/** How peers and orderers say that they do not take a caller's certificate or signature, or let it do what it asks. */
const isDenied = /access denied|identity expired|failed evaluating policy on signed data|status=FORBIDDEN/i;

const unreachable = new Set<number>([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED]);

/** True when the ledger did not answer at all, so that asking again changes nothing. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof GatewayError && unreachable.has(error.code);
}

/**
 * What a failed call means: the contract's own code where it gave one, LEDGER_UNAVAILABLE where nobody answered,
 * INTERNAL with the detail in the log otherwise.
 */
export function ledgerFault(error: unknown, doing: string): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof GatewayError)) return new AppError('INTERNAL', `${doing}: ${String(error)}`, { cause: error });
  const texts = [...error.details.map(({ message }) => message), error.message];
  for (const text of texts) {
    const known = parseLedgerError(text);
    if (known !== undefined) return new AppError(known.code, `${doing}: ${known.detail}`, { cause: error });
  }
  const detail = `${doing}: ${status[error.code] ?? error.code} ${texts.join(' | ')}`;
  // Before all else: of a certificate that has expired a gateway says that no peer is available.
  const denied = texts.some((text) => isDenied.test(text));
  if (denied || error.code === status.PERMISSION_DENIED || error.code === status.UNAUTHENTICATED) {
    return new AppError('NOT_AUTHORISED', detail, { cause: error });
  }
  if (isUnreachable(error) || texts.some((text) => isDown.test(text))) {
    return new AppError('LEDGER_UNAVAILABLE', detail, { cause: error });
  }
  return new AppError('INTERNAL', detail, { cause: error });
}

const conflicts = new Set<number>([StatusCode.MVCC_READ_CONFLICT, StatusCode.PHANTOM_READ_CONFLICT]);

function codeName(code: number): string {
  return Object.entries(StatusCode).find(([, value]) => value === code)?.[0] ?? String(code);
}

/** What it means that a transaction stands in a block and is not valid. */
export function invalidTransaction(code: number): AppError {
  if (conflicts.has(code)) return new AppError('LEDGER_CONFLICT', `committed as invalid: ${codeName(code)}`);
  return new AppError('INTERNAL', `committed as invalid: ${codeName(code)}`);
}
