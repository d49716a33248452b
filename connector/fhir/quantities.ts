import { z } from 'zod';
import { systems, unitQuantity } from '#fhir/coding.ts';

/**
 * A number of what a product is counted in, and of nothing else: 500 of a tablet's milligrams are not 500 tablets. The unit's
 * word is needed, since a number alone says nothing; a code is the one that Medloom writes for it.
 */
export const countedIn = (unit: string, value: z.ZodNumber) =>
  z.strictObject({
    value,
    unit: z.literal(unit, `this product is counted in ${unit}`),
    system: z.literal(systems.ucum, `must be ${systems.ucum}`).optional(),
    code: z.literal(unitQuantity(1, unit).code, `this product is counted in ${unit}`).optional(),
  });

/** Days, as a FHIR Duration. */
export const days = (value: z.ZodNumber) =>
  z.strictObject({
    value,
    unit: z.enum(['d', 'day', 'days']).optional(),
    system: z.literal(systems.ucum, `must be ${systems.ucum}`).optional(),
    code: z.literal('d', 'must be d: days'),
  });
