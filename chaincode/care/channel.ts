import type { Context } from 'fabric-contract-api';
import type { z } from 'zod';
import { parseValue } from '../ledger/arguments.ts';
import { LedgerError } from '../model/errors.ts';
import { patientPseudonym } from '../model/identifiers.ts';

/** The care channel that an id of a care channel names by its number. */
export function careChannelOf(id: string): string {
  return `care-${id.split('-')[1]}`;
}

/** Refuses an id of another care channel: WRONG_CHANNEL. */
export function requireChannel(ctx: Context, id: string): void {
  const channel = ctx.stub.getChannelID();
  if (channel !== careChannelOf(id)) throw new LedgerError('WRONG_CHANNEL', `${id} is not of ${channel}`);
}

/** An id of this channel. Throws INVALID_ARGUMENT, WRONG_CHANNEL. */
export function parseCareId(ctx: Context, schema: z.ZodType<string>, text: string, what: string): string {
  const id = parseValue(schema, text, what);
  requireChannel(ctx, id);
  return id;
}

/** The pseudonym of a patient of this channel. Throws INVALID_ARGUMENT, WRONG_CHANNEL. */
export function parsePseudonym(ctx: Context, text: string): string {
  return parseCareId(ctx, patientPseudonym, text, 'pseudonym');
}
