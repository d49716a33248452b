import { z } from 'zod';
import { amount, currency } from '#chaincode/model/money.ts';

/** Minor units of one major unit, of every currency in use here. */
const minor = 100;
const toMinor = (value: number) => Math.round(value * minor);

/** FHIR Money of whole minor units: what Medloom writes and reads. */
export const money = z.strictObject({
  value: z.number().refine((value) => amount.safeParse(toMinor(value)).success && toMinor(value) / minor === value, {
    error: 'must be whole minor units',
  }),
  currency,
});
export type Money = z.infer<typeof money>;

/** `minorUnits`: whole. */
export const moneyOf = (minorUnits: number, of: string): Money =>
  money.parse({ value: minorUnits / minor, currency: of });
/** In minor units. */
export const amountOf = ({ value }: Money): number => toMinor(value);
