import type { z } from 'zod';
import { choice, codeableConcept, element, many, ratio, reference, resource } from './datatypes.ts';
import { boolean, boundTo, dateTime, text } from './primitives.ts';

/** https://hl7.org/fhir/R4/medication.html */
export const medication = resource('Medication', {
  code: codeableConcept.optional(),
  status: boundTo(['active', 'inactive', 'entered-in-error']).optional(),
  form: codeableConcept.optional(),
  amount: ratio.optional(),
  ingredient: many(
    element({
      itemCodeableConcept: codeableConcept.optional(),
      itemReference: reference('Substance', 'Medication').optional(),
      isActive: boolean.optional(),
      strength: ratio.optional(),
    }).check(choice('item', ['CodeableConcept', 'Reference'], { required: true })),
  ).optional(),
  batch: element({ lotNumber: text.optional(), expirationDate: dateTime.optional() }).optional(),
});
export type Medication = z.infer<typeof medication>;
