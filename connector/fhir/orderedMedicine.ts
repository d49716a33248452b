import { z } from 'zod';
import { systems } from '#fhir/coding.ts';
import { type DosageRoute, type DoseInstruction, dosageRoutes } from '#fhir/dosage.ts';
import type { MedicationRequest as R4MedicationRequest } from '#fhir/r4/medicationRequest.ts';
import type { Product } from '#formulary/product.ts';
import { findProduct, findProductByGtin } from '#formulary/products.ts';
import { requireKnownMembers, unprocessable } from './inbound.ts';

/** What a system orders and how it is taken, in Medloom's own words. */

const place = 'MedicationRequest';

/** The product that the codes name; ATC and words alone name none. */
export function orderedProduct({ medicationCodeableConcept }: R4MedicationRequest): Product {
  for (const { system, code = '' } of medicationCodeableConcept?.coding ?? []) {
    const found =
      system === systems.product ? findProduct(code) : system === systems.gtin ? findProductByGtin(code) : undefined;
    if (found) return found;
  }
  throw unprocessable(
    `${place}.medicationCodeableConcept`,
    `must name a product of the formulary: ${systems.product} or ${systems.gtin}`,
  );
}

const dose = z.looseObject({
  patientInstruction: z.string().max(2000).optional(),
  timing: z.looseObject({
    repeat: z.strictObject({
      frequency: z.int().min(1).max(96),
      period: z.number().positive(),
      periodUnit: z.enum(['h', 'd', 'wk', 'mo']),
      boundsDuration: z.looseObject({ value: z.number().positive(), code: z.literal('d') }).optional(),
    }),
  }),
  asNeededCodeableConcept: z.looseObject({ text: z.string().min(1).max(200) }).optional(),
  asNeededBoolean: z.literal(false).optional(),
  route: z
    .looseObject({ coding: z.array(z.looseObject({ system: z.string(), code: z.string() })).optional() })
    .optional(),
  doseAndRate: z.tuple([
    z.looseObject({ doseQuantity: z.looseObject({ value: z.number().positive(), unit: z.string().optional() }) }),
  ]),
});
const doseMembers = [
  ...['text', '_text', 'sequence', 'patientInstruction', 'timing', 'asNeededCodeableConcept', 'asNeededBoolean'],
  ...['route', 'doseAndRate'],
];

/** The one structured dosage. Free text alone is refused: neither a check nor a patient's language can be made of it. */
export function orderedDose({ dosageInstruction = [] }: R4MedicationRequest, product: Product): DoseInstruction {
  const [first] = dosageInstruction;
  const at = `${place}.dosageInstruction[0]`;
  if (first === undefined || dosageInstruction.length > 1) {
    throw unprocessable(`${place}.dosageInstruction`, 'must be exactly one', 'invariant');
  }
  requireKnownMembers(at, first, doseMembers);
  const parsed = dose.safeParse(first);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
    throw unprocessable(
      where === '' ? at : `${at}.${where}`,
      'must be structured: frequency, period and periodUnit, one doseQuantity, a length in days where there is one',
    );
  }
  const { timing, doseAndRate, patientInstruction, asNeededCodeableConcept, route } = parsed.data;
  const [{ doseQuantity }] = doseAndRate;
  if (doseQuantity.unit !== undefined && doseQuantity.unit !== product.unit) {
    throw unprocessable(`${at}.doseAndRate[0].doseQuantity.unit`, `this product is counted in ${product.unit}`);
  }
  const { frequency, period, periodUnit, boundsDuration } = timing.repeat;
  return {
    ...{ amount: doseQuantity.value, unit: product.unit, route: routeOf(route?.coding, product, at) },
    ...{ frequency, period, periodUnit },
    ...(boundsDuration && { durationDays: boundsDuration.value }),
    ...(asNeededCodeableConcept && { asNeededFor: asNeededCodeableConcept.text }),
    ...(patientInstruction !== undefined && { note: patientInstruction }),
  };
}

const isRoute = (name: string): name is DosageRoute => Object.hasOwn(dosageRoutes, name);

function routeOf(
  coding: readonly { system: string; code: string }[] | undefined,
  product: Product,
  at: string,
): DosageRoute {
  const codes = (coding ?? []).filter(({ system }) => system === systems.snomed).map(({ code }) => code);
  if (codes.length === 0) return product.route;
  const found = Object.keys(dosageRoutes).find((name) => isRoute(name) && codes.includes(dosageRoutes[name].code));
  if (found !== undefined && isRoute(found)) return found;
  throw unprocessable(`${at}.route`, 'this route is not known here');
}
