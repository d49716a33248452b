import { z } from 'zod';
import { hasCheckDigit } from '../../gs1/checkDigit.ts';
import { institutionId } from './identifiers.ts';
import { channelName, words } from './shapes/text.ts';

/** What `registry` holds of medicines as goods and of the places where they are: master data that every supply channel asks for. */

export const gtin = z
  .string()
  .regex(/^[0-9]{14}$/)
  .refine(hasCheckDigit, 'must end in its check digit');
export const gln = z
  .string()
  .regex(/^[0-9]{13}$/)
  .refine(hasCheckDigit, 'must end in its check digit');

/** Temperatures between which a product is stored, both included; whole degrees Celsius. */
const storage = z
  .strictObject({ minCelsius: z.int().min(-200).max(100), maxCelsius: z.int().min(-200).max(100) })
  .refine(({ minCelsius, maxCelsius }) => minCelsius < maxCelsius, 'must end above where it begins');
export type Storage = z.infer<typeof storage>;

const productFields = {
  /** GTIN-14, the check digit included. */
  gtin,
  name: words(2, 200),
  /** The manufacturer, who alone commissions its packs. */
  maker: institutionId,
  /** Digits of the GS1 company prefix in the GTIN, by which an EPC is written as a URN. */
  prefixLength: z.int().min(6).max(12),
  storage: storage.optional(),
};

/** The argument of `registerProduct`. */
export const productRegistration = z.strictObject(productFields);
export type ProductRegistration = z.infer<typeof productRegistration>;

/** A product, and where its packs are traced, decided when it was registered and never again. */
export const productRecord = z.strictObject({
  ...productFields,
  channel: channelName('supply'),
  /** Version of the channel map that was in force. */
  mapVersion: z.int().positive(),
});
export type Product = z.infer<typeof productRecord>;

/** Decimal degrees (WGS 84) as text with at most 6 decimals, since state holds no fractions. */
const degrees = (most: number) =>
  z
    .string()
    .regex(/^-?(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,6})?$/)
    .refine((text) => Math.abs(Number(text)) <= most, `must lie between -${most} and ${most}`);

const siteFields = { gln, institutionId, name: words(2, 200), latitude: degrees(90), longitude: degrees(180) };

/** The argument of `registerSite`. */
export const siteRegistration = z.strictObject(siteFields);
export type SiteRegistration = z.infer<typeof siteRegistration>;

/**
 * A place of an institution under its GLN. The institution as a party (PGLN, AI 417) is known by the GLN of any of its sites.
 */
export const siteRecord = z.strictObject({ ...siteFields, version: z.int().positive() });
export type Site = z.infer<typeof siteRecord>;
