/**
 * Error codes that contracts answer with, shared with the server and the screens.
 * A contract throws `LedgerError`; its message is JSON, so that the other side parses it and never matches prose.
 */
export const ledgerErrorCodes = [
  'INVALID_ARGUMENT',
  'CLOCK_SKEW',
  'NOT_REGISTERED',
  'NOT_AUTHORISED',
  'SUSPENDED',
  'LICENCE_INVALID',
  'KEY_EXISTS',
  'ALREADY_EXISTS',
  'NOT_FOUND',
  'WRONG_CHANNEL',
  'WRONG_STATE',
  'HELD_BY_ANOTHER',
  'WRONG_CODE',
  'CODE_VOID',
  'EXPIRED',
  'CANCELLED',
  'COMPLETED',
  'QUANTITY_EXCEEDED',
  'REASON_REQUIRED',
  /** The call needs an assertion of a second factor and has none. */
  'SECOND_FACTOR_REQUIRED',
  /** The assertion is not one of a registered credential over this very call, or its user was not verified. */
  'SECOND_FACTOR_INVALID',
  /** No consent in force, emergency or representation allows it. */
  'NO_CONSENT',
  /** The record has no keys yet, which its owner's browser makes. */
  'RECORD_NOT_OPENED',
  /** The category has a newer epoch, or the reader another key, than was used. */
  'STALE_KEY',
  /** The delay in which the person can object is not over. */
  'NOT_DUE',
  /** The practitioner has ended what the device acts by, or its time is over. */
  'DELEGATION_ENDED',
  /** A recall in force stops it. */
  'RECALLED',
  /** The prescription, or its next fill, is for later. */
  'NOT_YET_VALID',
  /** A controlled medicine without its entry in the authority's register. */
  'CONTROLLED_INCOMPLETE',
  /** The code for picking up is another, used, or over. */
  'PICKUP_REFUSED',
  /** The prescription is offered to another pharmacy. */
  'TRANSFER_PENDING',
  /** Prescriber or patient ask to cancel it, and the holder has not answered. */
  'CANCEL_REQUESTED',
  /** Somebody has claimed this very service before, of whichever insurer. */
  'ALREADY_CLAIMED',
  /** No policy or authorisation was in force. */
  'NOT_INSURED',
  /** Judged by an older state than there is: to be judged again. */
  'STALE',
  /** The days within which a service can be claimed, or a decision appealed, are over. */
  'TOO_LATE',
  /** More than what is left of a payer's share, or than was paid. */
  'AMOUNT_EXCEEDED',
] as const;

export type LedgerErrorCode = (typeof ledgerErrorCodes)[number];

export class LedgerError extends Error {
  readonly code: LedgerErrorCode;
  readonly detail: string;

  constructor(code: LedgerErrorCode, detail: string) {
    super(JSON.stringify({ code, detail }));
    this.name = 'LedgerError';
    this.code = code;
    this.detail = detail;
  }
}

/** Reads the JSON that `LedgerError` put into a message, which Fabric may have prefixed; `undefined` where there is none. */
export function parseLedgerError(message: string): { code: LedgerErrorCode; detail: string } | undefined {
  const start = message.indexOf('{"code":');
  if (start < 0) return undefined;
  const end = message.lastIndexOf('}');
  try {
    const value: unknown = JSON.parse(message.slice(start, end + 1));
    if (typeof value !== 'object' || value === null) return undefined;
    const { code, detail } = value as { code?: unknown; detail?: unknown };
    const known = ledgerErrorCodes.find((candidate) => candidate === code);
    return known === undefined ? undefined : { code: known, detail: typeof detail === 'string' ? detail : '' };
  } catch {
    return undefined;
  }
}
