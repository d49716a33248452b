import type { Context } from 'fabric-contract-api';
import { requireChannel } from '../../care/channel.ts';
import { longestControlledMs, mostControlledUnits } from '../../model/controlledRegister.ts';
import { LedgerError } from '../../model/errors.ts';
import type { PrescriptionIssue } from '../../model/prescription.ts';

/** Longest validity, in milliseconds. */
const maxValidityMs = 366 * 24 * 60 * 60 * 1000;

/** What a new prescription may say of itself: INVALID_ARGUMENT, WRONG_CHANNEL, CONTROLLED_INCOMPLETE. */
export function requireTerms(ctx: Context, issued: PrescriptionIssue, at: Date): void {
  const { id, patient, expires, validFrom, series, replaces, renews, fills, fillEveryDays } = issued;
  for (const named of [id, patient, series?.id, replaces, renews?.id]) {
    if (named !== undefined) requireChannel(ctx, named);
  }
  const validity = Date.parse(expires) - at.getTime();
  if (!(validity > 0 && validity <= maxValidityMs)) {
    throw new LedgerError('INVALID_ARGUMENT', 'prescription.expires: ahead, by at most 366 days');
  }
  if (validFrom !== undefined && Date.parse(validFrom) >= Date.parse(expires)) {
    throw new LedgerError('INVALID_ARGUMENT', 'prescription.validFrom: before it expires');
  }
  if (fillEveryDays !== undefined && fills === 1) {
    throw new LedgerError('INVALID_ARGUMENT', 'prescription.fillEveryDays: with more than one fill');
  }
  if (replaces === id) throw new LedgerError('INVALID_ARGUMENT', 'prescription.replaces: itself');
  requireControlledTerms(issued, validity);
}

/** A controlled medicine has one fill of so many units within 31 days, belongs to no series, and is registered. */
function requireControlledTerms(
  { controlled, register, quantity, fills, series }: PrescriptionIssue,
  validityMs: number,
): void {
  if (!controlled) {
    if (register) throw new LedgerError('INVALID_ARGUMENT', 'prescription.register: of a controlled medicine only');
    return;
  }
  if (fills > 1 || series || validityMs > longestControlledMs) {
    throw new LedgerError('INVALID_ARGUMENT', 'prescription.controlled: one fill, no series, ends within 31 days');
  }
  if (quantity > mostControlledUnits) {
    throw new LedgerError('INVALID_ARGUMENT', `prescription.quantity: ${mostControlledUnits} of a controlled medicine`);
  }
  if (!register) throw new LedgerError('CONTROLLED_INCOMPLETE', 'a controlled medicine needs its register entry');
}
