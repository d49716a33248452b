import type { z } from 'zod';
import {
  annotation,
  choice,
  codeableConcept,
  element,
  invariant,
  many,
  period,
  quantity,
  range,
  ratio,
  reference,
  resource,
  sampledData,
  simpleQuantity,
  timing,
} from './datatypes.ts';
import { boolean, boundTo, dateTime, instant, integer, text, time } from './primitives.ts';

export const observationStatuses = [
  'registered',
  'preliminary',
  'final',
  'amended',
  'corrected',
  'cancelled',
  'entered-in-error',
  'unknown',
] as const;

const valueFields = {
  valueQuantity: quantity.optional(),
  valueCodeableConcept: codeableConcept.optional(),
  valueString: text.optional(),
  valueBoolean: boolean.optional(),
  valueInteger: integer.optional(),
  valueRange: range.optional(),
  valueRatio: ratio.optional(),
  valueSampledData: sampledData.optional(),
  valueTime: time.optional(),
  valueDateTime: dateTime.optional(),
  valuePeriod: period.optional(),
  dataAbsentReason: codeableConcept.optional(),
  interpretation: many(codeableConcept).optional(),
};
const valueTypes = [
  ...['Quantity', 'CodeableConcept', 'String', 'Boolean', 'Integer', 'Range'],
  ...['Ratio', 'SampledData', 'Time', 'DateTime', 'Period'],
];
const referenceRange = element({
  low: simpleQuantity.optional(),
  high: simpleQuantity.optional(),
  type: codeableConcept.optional(),
  appliesTo: many(codeableConcept).optional(),
  age: range.optional(),
  text: text.optional(),
}).check(
  invariant('low', 'must be given, or a high or a text (obs-3)', ({ low, high, text: words }) => {
    return low !== undefined || high !== undefined || words !== undefined;
  }),
);
const oneOrAbsent = invariant<object>('dataAbsentReason', 'must not be given beside a value (obs-6)', (value) => {
  return !('dataAbsentReason' in value && Object.keys(value).some((key) => /^value[A-Z]/.test(key)));
});

/** https://hl7.org/fhir/R4/observation.html */
export const observation = resource('Observation', {
  basedOn: many(reference()).optional(),
  partOf: many(reference()).optional(),
  status: boundTo(observationStatuses),
  category: many(codeableConcept).optional(),
  code: codeableConcept,
  subject: reference('Patient'),
  focus: many(reference()).optional(),
  encounter: reference('Encounter').optional(),
  effectiveDateTime: dateTime.optional(),
  effectivePeriod: period.optional(),
  effectiveTiming: timing.optional(),
  effectiveInstant: instant.optional(),
  issued: instant.optional(),
  performer: many(reference()).optional(),
  ...valueFields,
  note: many(annotation).optional(),
  bodySite: codeableConcept.optional(),
  method: codeableConcept.optional(),
  specimen: reference('Specimen').optional(),
  device: reference().optional(),
  referenceRange: many(referenceRange).optional(),
  hasMember: many(reference()).optional(),
  derivedFrom: many(reference()).optional(),
  component: many(
    element({ code: codeableConcept, ...valueFields, referenceRange: many(referenceRange).optional() })
      .check(choice('value', valueTypes))
      .check(oneOrAbsent),
  ).optional(),
})
  .check(choice('effective', ['DateTime', 'Period', 'Timing', 'Instant']))
  .check(choice('value', valueTypes))
  .check(oneOrAbsent);
export type Observation = z.infer<typeof observation>;
