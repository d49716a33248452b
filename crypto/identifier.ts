import { randomBytes, toBase32 } from './bytes.ts';

/** 26 lower-case base32 characters: 130 random bits. */
const randomPart = () => toBase32(randomBytes(17)).slice(0, 26);

/** A new id such as `disp-…` or `prac-…`. */
export const newIdentifier = (prefix: string): string => `${prefix}-${randomPart()}`;

/** A new id on the care channel that the patient's pseudonym names: `rx-…`, `doc-…`, `con-…` and so on. */
export function newCareId(prefix: string, patientPseudonym: string): string {
  const channel = /^pt-(\d{1,4})-[a-z2-7]{26}$/.exec(patientPseudonym)?.[1];
  if (channel === undefined) throw new RangeError('Not a patient pseudonym');
  return `${prefix}-${channel}-${randomPart()}`;
}

export const newPrescriptionId = (patientPseudonym: string): string => newCareId('rx', patientPseudonym);

/** A new patient pseudonym on care channel `channel`. */
export function newPseudonym(channel: number): string {
  if (!Number.isInteger(channel) || channel < 0 || channel > 9999) throw new RangeError('Not a channel number');
  return `pt-${channel}-${randomPart()}`;
}
