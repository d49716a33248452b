import type { z } from 'zod';
import {
  annotation,
  choice,
  codeableConcept,
  element,
  many,
  reference,
  resource,
  simpleQuantity,
} from './datatypes.ts';
import { boolean, boundTo, date, dateTime, positiveInt, text } from './primitives.ts';

/** https://hl7.org/fhir/R4/immunization.html */
export const immunization = resource('Immunization', {
  status: boundTo(['completed', 'entered-in-error', 'not-done']),
  statusReason: codeableConcept.optional(),
  vaccineCode: codeableConcept,
  patient: reference('Patient'),
  encounter: reference('Encounter').optional(),
  occurrenceDateTime: dateTime.optional(),
  occurrenceString: text.optional(),
  recorded: dateTime.optional(),
  primarySource: boolean.optional(),
  reportOrigin: codeableConcept.optional(),
  location: reference('Location').optional(),
  manufacturer: reference('Organization').optional(),
  lotNumber: text.optional(),
  expirationDate: date.optional(),
  site: codeableConcept.optional(),
  route: codeableConcept.optional(),
  doseQuantity: simpleQuantity.optional(),
  performer: many(element({ function: codeableConcept.optional(), actor: reference() })).optional(),
  note: many(annotation).optional(),
  reasonCode: many(codeableConcept).optional(),
  reaction: many(
    element({ date: dateTime.optional(), detail: reference().optional(), reported: boolean.optional() }),
  ).optional(),
  protocolApplied: many(
    element({
      series: text.optional(),
      targetDisease: many(codeableConcept).optional(),
      doseNumberPositiveInt: positiveInt.optional(),
      doseNumberString: text.optional(),
      seriesDosesPositiveInt: positiveInt.optional(),
      seriesDosesString: text.optional(),
    })
      .check(choice('doseNumber', ['PositiveInt', 'String'], { required: true }))
      .check(choice('seriesDoses', ['PositiveInt', 'String'])),
  ).optional(),
}).check(choice('occurrence', ['DateTime', 'String'], { required: true }));
export type Immunization = z.infer<typeof immunization>;
