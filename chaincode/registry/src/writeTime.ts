import type { Context } from 'fabric-contract-api';
import { transactionTime } from '../../ledger/clock.ts';
import { LedgerError } from '../../model/errors.ts';

/** Time of a transaction that writes; the registry, and what is kept beside it, is on the channel `registry` alone. */
export function writeTime(ctx: Context): Date {
  if (ctx.stub.getChannelID() !== 'registry') {
    throw new LedgerError('WRONG_CHANNEL', 'the registry is kept on the channel registry');
  }
  return transactionTime(ctx);
}
