import type { Context } from 'fabric-contract-api';
import { LedgerError } from '../model/errors.ts';

/** How far a proposal's timestamp may lie from the endorser's clock, in milliseconds. */
export const maxSkewMs = 2 * 60 * 1000;

/**
 * Time of the transaction, the same on every endorser. It is the caller's word, so each endorser compares it with its own
 * clock: CLOCK_SKEW when more than two minutes lie between. Every function that writes asks this first.
 */
export function transactionTime(ctx: Context): Date {
  const at = ctx.stub.getDateTimestamp();
  if (!(Math.abs(at.getTime() - Date.now()) <= maxSkewMs)) {
    throw new LedgerError(
      'CLOCK_SKEW',
      'the timestamp of the proposal is more than 2 minutes from the clock of a peer',
    );
  }
  return at;
}

/** The peer's own time, for evaluated reads, whose proposal could claim any time. Never goes into state. */
export function peerTime(): Date {
  return new Date();
}
