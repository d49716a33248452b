import { z } from 'zod';

/**
 * The parts of a record that a patient shares one by one. Each entry belongs to one, by the FHIR security label that it
 * carries (HL7 v3 ActCode, sensitivity) or else by its resource type; each has a key of its own.
 */
export const categories = [
  /** What an emergency needs: the patient's own summary of the others. */
  'summary',
  /** Problems, allergies, encounters, procedures, immunisations, demographics. */
  'clinical',
  'medication',
  /** Laboratory and other results, vital signs. */
  'results',
  /** Letters, scans, images and other files. */
  'documents',
  /** `PSY`, `BH`, `MH` */
  'mental',
  /** `SUD`, `ETH`, `ALC`, `OPIOIDUD` */
  'substance',
  /** `SEX`, `STD`, `SDV`, `REPRO` */
  'sexual',
  /** `HIV` */
  'hiv',
  /** `GDIS` */
  'genetic',
] as const;
export type Category = (typeof categories)[number];
export const category = z.enum(categories);

/** Why somebody reads, in the codes of HL7 v3 PurposeOfUse. */
export const purposes = ['TREAT', 'HPAYMT', 'HRESCH', 'ETREAT'] as const;
export type Purpose = (typeof purposes)[number];
export const purpose = z.enum(purposes);

/** Distinct categories, at least one, in the order of `categories`. */
export const someCategories = z
  .array(category)
  .min(1)
  .refine(isInOrder, 'must name each category once, in the order of the catalogue');

function isInOrder(named: Category[]): boolean {
  return named.every((name, at) => at === 0 || categories.indexOf(named[at - 1] ?? name) < categories.indexOf(name));
}
