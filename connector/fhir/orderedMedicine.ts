import { z } from 'zod';
import { systems } from '#fhir/coding.ts';
import { type DosageRoute, type DoseInstruction, dosageRoutes, sentenceIn } from '#fhir/dosage.ts';
import type { MedicationRequest as R4MedicationRequest } from '#fhir/r4/medicationRequest.ts';
import { languages, spokenRoutes } from '#fhir/sentence/language.ts';
import type { Product } from '#formulary/product.ts';
import { findProduct, findProductByGtin } from '#formulary/products.ts';
import { readExactly, unprocessable } from './inbound.ts';
import { countedIn, days } from './quantities.ts';

/** What a system orders and how it is taken, in Medloom's own words. */

const place = 'MedicationRequest';

/** The one product that the codes name; ATC and words alone name none. */
export function orderedProduct({ medicationCodeableConcept }: R4MedicationRequest): Product {
  const named = (medicationCodeableConcept?.coding ?? []).flatMap(({ system, code = '' }) => {
    if (system === systems.product) return [findProduct(code)];
    return system === systems.gtin ? [findProductByGtin(code)] : [];
  });
  const [product] = named;
  if (product !== undefined && named.every((one) => one === product)) return product;
  throw unprocessable(
    `${place}.medicationCodeableConcept`,
    `must name one product of the formulary: ${systems.product} or ${systems.gtin}`,
  );
}

const doseIn = ({ unit }: Product) =>
  z.strictObject({
    ...{ text: z.string().optional(), sequence: z.literal(1).optional() },
    patientInstruction: z.string().max(2000).optional(),
    timing: z.strictObject({
      repeat: z.strictObject({
        frequency: z.int().min(1).max(96),
        period: z.number().positive(),
        periodUnit: z.enum(['h', 'd', 'wk', 'mo']),
        boundsDuration: days(z.number().positive()).optional(),
      }),
    }),
    asNeededCodeableConcept: z.strictObject({ text: z.string().min(1).max(200) }).optional(),
    asNeededBoolean: z.literal(false).optional(),
    route: z
      .strictObject({
        coding: z
          .array(z.strictObject({ system: z.string(), code: z.string(), display: z.string().optional() }))
          .optional(),
        text: z.string().optional(),
      })
      .optional(),
    doseAndRate: z.tuple([z.strictObject({ doseQuantity: countedIn(unit, z.number().positive()) })]),
  });

/**
 * The one structured dosage. Free text alone is refused: neither a check nor a patient's language can be made of it. Beside the
 * structure it must be the sentence that is made from that, since what else it says would be lost.
 */
export function orderedDose({ dosageInstruction = [] }: R4MedicationRequest, product: Product): DoseInstruction {
  const [first, ...others] = dosageInstruction;
  const at = `${place}.dosageInstruction[0]`;
  if (first === undefined || others.length > 0) {
    throw unprocessable(`${place}.dosageInstruction`, 'must be exactly one', 'invariant');
  }
  const { text, ...said } = readExactly(at, doseIn(product), first);
  const { timing, doseAndRate, patientInstruction, asNeededCodeableConcept } = said;
  const { frequency, period, periodUnit, boundsDuration } = timing.repeat;
  const dose = {
    ...{ amount: doseAndRate[0].doseQuantity.value, unit: product.unit },
    ...{ route: said.route === undefined ? product.route : routeOf(said.route.coding ?? [], at) },
    ...{ frequency, period, periodUnit },
    ...(boundsDuration && { durationDays: boundsDuration.value }),
    ...(asNeededCodeableConcept && { asNeededFor: asNeededCodeableConcept.text }),
    ...(patientInstruction !== undefined && { note: patientInstruction }),
  };
  const sentences = languages.map((language) => sentenceIn(language, dose));
  if (text !== undefined && !sentences.includes(text.trim())) {
    throw unprocessable(
      `${at}.text`,
      'is not what the structure says; leave it out, or write it as patientInstruction',
    );
  }
  return dose;
}

/** By SNOMED CT: words, or codes of others alone, name no route here, and the product's own is not meant by them. */
function routeOf(coding: readonly { system: string; code: string }[], at: string): DosageRoute {
  const codes = coding.filter(({ system }) => system === systems.snomed).map(({ code }) => code);
  const [found] = spokenRoutes.filter((name) => codes.length === 1 && codes.includes(dosageRoutes[name].code));
  if (found !== undefined) return found;
  throw unprocessable(`${at}.route`, 'must have one code of SNOMED CT, of a route that is known here');
}
