'use server';

import { z } from 'zod';
import { action } from '#server/action.ts';
import * as receipts from './receipts.ts';
import * as register from './register.ts';
import * as schema from './schema.ts';
import { prescriptionId } from './schema.ts';
import * as verdict from './verdict.ts';

/** The verdict on the prescription of an access code, asked by the hash of its redeeming key. */
export const lookupPrescription = action(schema.lookupPrescription, verdict.lookupPrescription);

/** The verdict on a prescription that the pharmacy holds, anew. */
export const refreshVerdict = action(prescriptionId, verdict.refreshVerdict);

/** The notaries' receipt of a prescription that is over, as the text of its file. */
export const readReceipt = action(prescriptionId, receipts.readReceipt);

/** The notaries' receipt of one dispense, as the text of its file. */
export const readDispenseReceipt = action(schema.dispenseOf, receipts.readDispenseReceipt);

/** The authority in whose register a controlled medicine is entered, with what proves its key. */
export const readRegisterAuthority = action(z.undefined(), register.readRegisterAuthority);
