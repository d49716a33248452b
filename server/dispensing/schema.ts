import { z } from 'zod';
import { base64Url, dispenseId, prescriptionId } from '../prescriptions/schema.ts';

/** Begins a dispense of scanned packs: what carries it on, sealed to the pharmacist, before anything is signed. */
export const keepDispensing = z.object({
  dispenseId,
  prescriptionId,
  /** The plan with up to 100 packs and the encrypted document. */
  packet: base64Url(131_072),
});

/** Ends it: done, or taken back. */
export const dropDispensing = z.object({ dispenseId });

/** A dispense of packs that its pharmacist has begun and not finished. */
export interface OpenDispensing {
  dispenseId: string;
  prescriptionId: string;
  packet: string;
  /** ISO 8601 */
  begun: string;
}
