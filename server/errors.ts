import type { LedgerErrorCode } from '#chaincode/model/errors.ts';

/** Codes of the portal itself; those of the contracts stand beside them unchanged. */
export const serverErrorCodes = [
  'UNAUTHENTICATED',
  'PASSWORD_WRONG',
  'FORBIDDEN',
  'INVALID_INPUT',
  'TOO_LARGE',
  'RATE_LIMITED',
  'CONFLICT',
  'SIGNATURE_INVALID',
  'PROPOSAL_MISMATCH',
  'CONTENT_MISMATCH',
  'SAGA_EXPIRED',
  'NOT_ENROLLED',
  'INVITATION_INVALID',
  'MINT_INVALID',
  'WRONG_CHAIN',
  'NOT_SERVED',
  'LEDGER_UNAVAILABLE',
  'LEDGER_CONFLICT',
  'LEDGER_UNDECIDED',
  'IPFS_UNAVAILABLE',
  'ETHEREUM_UNAVAILABLE',
  'CONNECTOR_UNAVAILABLE',
  'CONNECTOR_REFUSED',
  'DATABASE_UNAVAILABLE',
  'INTERNAL',
] as const;

export type ErrorCode = LedgerErrorCode | (typeof serverErrorCodes)[number];

/** What a person is told: what happened, what was kept and what to do next. Nothing else leaves the server. */
export interface UserError {
  code: ErrorCode;
  message: string;
  kept?: string;
  next?: string;
}

export type Result<T> = { ok: true; data: T } | { ok: false; error: UserError };

/** Words for each code. An `AppError` may say something more precise. */
const messages: Record<ErrorCode, Omit<UserError, 'code'>> = {
  INVALID_ARGUMENT: { message: 'The ledger refused a value.', next: 'Check what you entered and try again.' },
  CLOCK_SKEW: {
    message: 'The clock of this computer and that of the ledger differ by more than two minutes.',
    next: 'Set the clock right and try again.',
  },
  NOT_REGISTERED: { message: 'Your signing key is not registered.', next: 'Ask your institution to enrol you.' },
  NOT_AUTHORISED: { message: 'The ledger does not allow you to do this.' },
  SUSPENDED: { message: 'The registration is suspended.', next: 'Ask the health authority.' },
  LICENCE_INVALID: { message: 'The licence is not valid at present.', next: 'Ask the institution to renew it.' },
  KEY_EXISTS: { message: 'A key is registered for this person already.' },
  ALREADY_EXISTS: { message: 'This is recorded already.', next: 'Reload to see it.' },
  NOT_FOUND: { message: 'There is no such entry.' },
  WRONG_CHANNEL: { message: 'This belongs to another ledger.' },
  WRONG_STATE: { message: 'This is not possible in the present state.', next: 'Reload to see the present state.' },
  HELD_BY_ANOTHER: {
    message: 'Another pharmacy holds this prescription.',
    next: 'That pharmacy can return it, so that yours can accept it.',
  },
  WRONG_CODE: { message: 'The access code is not that of the prescription.', next: 'Scan or type the code again.' },
  CODE_VOID: { message: 'The patient has voided this access code.', next: 'Ask the patient for the new code.' },
  EXPIRED: { message: 'The prescription has expired.' },
  CANCELLED: { message: 'The prescription was cancelled by its author.' },
  COMPLETED: { message: 'Everything prescribed has been dispensed already.' },
  QUANTITY_EXCEEDED: { message: 'That is more than is left on the prescription.', next: 'Enter a smaller quantity.' },
  REASON_REQUIRED: { message: 'A reason of at least three characters is needed.' },
  SECOND_FACTOR_REQUIRED: {
    message: 'This needs your passkey or signing PIN besides your signature.',
    next: 'Add one in "Keys and wallet", then try again.',
  },
  SECOND_FACTOR_INVALID: {
    message: 'The ledger did not accept your passkey or signing PIN for this.',
    next: 'Confirm it again; if it stays so, add the passkey anew.',
  },
  NO_CONSENT: { message: 'The patient has not shared this with you.', next: 'Ask the patient for access.' },
  RECORD_NOT_OPENED: {
    message: 'This record has no keys yet.',
    next: 'The patient makes them by opening the record once.',
  },
  STALE_KEY: { message: 'The keys of this record were renewed meanwhile.', next: 'Reload and try again.' },
  NOT_DUE: { message: 'The time in which the person can object is not over.' },
  DELEGATION_ENDED: {
    message: 'What was delegated to this software has ended.',
    next: 'The practitioner can delegate anew in "Keys and wallet".',
  },
  RECALLED: { message: 'This medicine is recalled.', next: 'Put it aside and follow the recall.' },
  NOT_YET_VALID: {
    message: 'This is prescribed for a later time.',
    next: 'The prescription says from when it, or its next fill, can be had.',
  },
  CONTROLLED_INCOMPLETE: {
    message: 'This controlled medicine has no entry in the authority’s register.',
    next: 'It cannot be handed out; ask the prescriber for a new prescription.',
  },
  PICKUP_REFUSED: {
    message: 'The pickup code is not valid.',
    next: 'Type it again, or ask the patient for a new one.',
  },
  TRANSFER_PENDING: {
    message: 'This prescription is offered to another pharmacy.',
    next: 'Take the offer back first.',
  },
  CANCEL_REQUESTED: { message: 'Somebody asks to cancel this prescription.', next: 'Answer that first.' },
  ALREADY_CLAIMED: { message: 'This service has been claimed before.', next: 'A service is paid once.' },
  NOT_INSURED: {
    message: 'No insurance was in force for this.',
    next: 'Ask the patient to allow billing the insurer, or bill the patient.',
  },
  STALE: { message: 'Something has changed meanwhile.', next: 'Look at it again, then decide.' },
  TOO_LATE: { message: 'The time for this is over.' },
  AMOUNT_EXCEEDED: { message: 'That is more than is left to pay of this claim.', next: 'Enter a smaller amount.' },
  UNAUTHENTICATED: { message: 'You are not signed in.', next: 'Sign in and try again.' },
  PASSWORD_WRONG: { message: 'The present password is not right.', next: 'Type it again.' },
  FORBIDDEN: { message: 'Your role does not allow this.' },
  INVALID_INPUT: { message: 'Something that was entered is not valid.', next: 'Check it and try again.' },
  TOO_LARGE: { message: 'That is larger than the portal accepts.', next: 'Send less at once.' },
  RATE_LIMITED: { message: 'Too many attempts.', next: 'Wait a few minutes and try again.' },
  CONFLICT: { message: 'Someone changed this meanwhile.', next: 'Reload and try again.' },
  SIGNATURE_INVALID: { message: 'The signature is not that of your registered key.', next: 'Unlock your keys again.' },
  PROPOSAL_MISMATCH: { message: 'What was signed is not what the portal prepared.', next: 'Start the step again.' },
  CONTENT_MISMATCH: {
    message: 'The storage returned other bytes than those that were stored.',
    next: 'Do not rely on this document; tell your administrator.',
  },
  SAGA_EXPIRED: { message: 'This was never signed and has run out.', next: 'Start it anew.' },
  NOT_ENROLLED: { message: 'You have no keys yet.', next: 'Open your invitation to make them.' },
  INVITATION_INVALID: {
    message: 'This invitation is not valid, was used, or has run out.',
    next: 'Ask your institution for a new one.',
  },
  MINT_INVALID: { message: 'That Ethereum transaction did not mint this prescription’s token.' },
  WRONG_CHAIN: { message: 'The wallet is on another chain.', next: 'Switch the wallet to the portal’s chain.' },
  NOT_SERVED: {
    message: 'This portal does not serve your organisation on that ledger.',
    next: 'Use the portal of your own institution.',
  },
  LEDGER_UNAVAILABLE: { message: 'The health ledger does not answer.', next: 'Try again in a moment.' },
  LEDGER_CONFLICT: { message: 'Someone changed this at the same moment.', next: 'Reload and try again.' },
  LEDGER_UNDECIDED: {
    message: 'The ledger has the transaction but has not confirmed it yet.',
    kept: 'The portal keeps watching it.',
    next: 'Look again in a moment; do not repeat it.',
  },
  IPFS_UNAVAILABLE: { message: 'The document storage does not answer.', next: 'Try again in a moment.' },
  ETHEREUM_UNAVAILABLE: { message: 'The Ethereum chain does not answer.', next: 'Try again in a moment.' },
  CONNECTOR_UNAVAILABLE: { message: 'The institution’s connector does not answer.', next: 'Try again in a moment.' },
  CONNECTOR_REFUSED: { message: 'The institution’s connector refused the request.' },
  DATABASE_UNAVAILABLE: { message: 'The portal’s database does not answer.', next: 'Try again in a moment.' },
  INTERNAL: {
    message: 'Something went wrong in the portal.',
    next: 'Try again; if it stays so, tell your administrator.',
  },
};

const brand = Symbol.for('medloom.AppError');

/** The one error of the server. `detail` and `cause` go to the log and never to the screen. */
export class AppError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly user: UserError;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { cause?: unknown; message?: string; kept?: string; next?: string } = {},
  ) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.detail = detail;
    const { cause: _, ...words } = options;
    this.user = { code, ...messages[code], ...words };
  }

  /** Next loads this module more than once, and gateways are shared between the copies: an error of any copy is one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

const connectionFaults = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|57P0|08|53)/;

/** Turns whatever was thrown into an `AppError`; what is not known becomes `INTERNAL`. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Error && error.message.startsWith('Failed query')) return databaseError(error);
  return new AppError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}

/** The driver's message repeats a query's values, which may be personal; only what PostgreSQL answered is kept. */
function databaseError(error: Error): AppError {
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const answer = cause instanceof Error ? cause.message : 'unknown';
  const unreachable = connectionFaults.test(code) || /timeout|terminated/i.test(answer);
  return new AppError(unreachable ? 'DATABASE_UNAVAILABLE' : 'INTERNAL', `${code} ${answer}`.trim());
}

/** HTTP status for a code, for route handlers. */
export function httpStatus(code: ErrorCode): number {
  if (code === 'UNAUTHENTICATED') return 401;
  if (code === 'FORBIDDEN' || code === 'NOT_AUTHORISED' || code === 'SUSPENDED' || code === 'NO_CONSENT') return 403;
  if (code === 'NOT_FOUND') return 404;
  if (code === 'TOO_LARGE') return 413;
  if (code === 'RATE_LIMITED') return 429;
  if (code === 'INTERNAL') return 500;
  if (code === 'CONTENT_MISMATCH') return 502;
  if (code.endsWith('_UNAVAILABLE') || code === 'LEDGER_UNDECIDED') return 503;
  if (code === 'INVALID_INPUT' || code === 'INVALID_ARGUMENT') return 400;
  return 409;
}
