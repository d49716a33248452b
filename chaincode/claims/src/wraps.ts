import type { Context } from 'fabric-contract-api';
import { transientJson } from '../../ledger/transient.ts';
import { LedgerError } from '../../model/errors.ts';
import { deviceId } from '../../model/identifiers.ts';
import { type ContentWraps, contentWraps, wrapsTransientField } from '../../model/policy.ts';

/** The wraps that come with content: for each of its readers, and, where it may be, for devices of theirs. Throws INVALID_ARGUMENT. */
export function takeWraps(ctx: Context, readers: readonly string[], mayHaveDevices = false): ContentWraps {
  const wraps = transientJson(ctx, wrapsTransientField, contentWraps);
  const missing = readers.find((reader) => wraps[reader] === undefined);
  if (missing) throw new LedgerError('INVALID_ARGUMENT', `${wrapsTransientField}: none for ${missing}`);
  const others = Object.keys(wraps).filter((reader) => !readers.includes(reader));
  if (others.some((reader) => !mayHaveDevices || !deviceId.safeParse(reader).success)) {
    throw new LedgerError('INVALID_ARGUMENT', `${wrapsTransientField}: for somebody else`);
  }
  return wraps;
}
