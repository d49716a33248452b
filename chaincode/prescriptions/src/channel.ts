import type { Context } from 'fabric-contract-api';
import { parseValue } from '../../ledger/arguments.ts';
import { LedgerError } from '../../model/errors.ts';
import { patientPseudonym } from '../../model/identifiers.ts';
import { prescriptionId } from '../../model/records.ts';

/** Refuses an id of another care channel: WRONG_CHANNEL. The number in an id names its channel. */
export function requireChannel(ctx: Context, id: string): void {
  const channel = ctx.stub.getChannelID();
  if (channel !== `care-${id.split('-')[1]}`) throw new LedgerError('WRONG_CHANNEL', `${id} is not of ${channel}`);
}

/** The id of a prescription of this channel. Throws INVALID_ARGUMENT, WRONG_CHANNEL. */
export function parsePrescriptionId(ctx: Context, text: string): string {
  const id = parseValue(prescriptionId, text, 'id');
  requireChannel(ctx, id);
  return id;
}

/** The pseudonym of a patient of this channel. Throws INVALID_ARGUMENT, WRONG_CHANNEL. */
export function parsePseudonym(ctx: Context, text: string): string {
  const pseudonym = parseValue(patientPseudonym, text, 'pseudonym');
  requireChannel(ctx, pseudonym);
  return pseudonym;
}
