import type { LedgerErrorCode } from '#chaincode/model/errors.ts';

/** Codes of the connector's own refusals; a ledger's refusal keeps its own code. */
export type ConnectorErrorCode =
  | LedgerErrorCode
  | 'UNAUTHENTICATED'
  | 'UNKNOWN_PATH'
  | 'METHOD_NOT_ALLOWED'
  | 'BODY_TOO_LARGE'
  | 'INVALID_CSR'
  | 'WALLET_UNPROVED'
  | 'NOT_SERVED'
  | 'LEDGER_CONFLICT'
  | 'LEDGER_UNAVAILABLE'
  | 'ETHEREUM_UNAVAILABLE'
  | 'STORAGE_UNAVAILABLE'
  | 'NOTARIES_DISAGREE'
  | 'INTERNAL';

const statuses: Partial<Record<ConnectorErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  NOT_AUTHORISED: 403,
  NOT_FOUND: 404,
  NOT_REGISTERED: 404,
  UNKNOWN_PATH: 404,
  METHOD_NOT_ALLOWED: 405,
  INVALID_ARGUMENT: 400,
  INVALID_CSR: 400,
  WALLET_UNPROVED: 400,
  BODY_TOO_LARGE: 413,
  INTERNAL: 500,
  LEDGER_CONFLICT: 503,
  LEDGER_UNAVAILABLE: 503,
  ETHEREUM_UNAVAILABLE: 503,
  STORAGE_UNAVAILABLE: 503,
  NOTARIES_DISAGREE: 503,
};

/** A refusal that the caller is told: its code and detail leave the process, its cause only enters the log. */
export class ConnectorError extends Error {
  readonly code: ConnectorErrorCode;
  readonly detail: string;

  constructor(code: ConnectorErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'ConnectorError';
    this.code = code;
    this.detail = detail;
  }

  /** HTTP status of the refusal; 409 where the state of a ledger forbids it. */
  get status(): number {
    return statuses[this.code] ?? 409;
  }
}
