import type { Context } from 'fabric-contract-api';
import { parseCareId } from '../../care/channel.ts';
import { prescriptionId } from '../../model/records.ts';

/** The id of a prescription of this channel. Throws INVALID_ARGUMENT, WRONG_CHANNEL. */
export function parsePrescriptionId(ctx: Context, text: string): string {
  return parseCareId(ctx, prescriptionId, text, 'id');
}
