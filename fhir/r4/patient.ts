import type { z } from 'zod';
import {
  address,
  attachment,
  choice,
  codeableConcept,
  contactPoint,
  element,
  humanName,
  many,
  period,
  reference,
  resource,
} from './datatypes.ts';
import { boolean, boundTo, date, dateTime, integer } from './primitives.ts';

export const genders = ['male', 'female', 'other', 'unknown'] as const;

/** https://hl7.org/fhir/R4/patient.html */
export const patient = resource('Patient', {
  active: boolean.optional(),
  name: many(humanName).optional(),
  telecom: many(contactPoint).optional(),
  gender: boundTo(genders).optional(),
  birthDate: date.optional(),
  deceasedBoolean: boolean.optional(),
  deceasedDateTime: dateTime.optional(),
  address: many(address).optional(),
  maritalStatus: codeableConcept.optional(),
  multipleBirthBoolean: boolean.optional(),
  multipleBirthInteger: integer.optional(),
  photo: many(attachment).optional(),
  contact: many(
    element({
      relationship: many(codeableConcept).optional(),
      name: humanName.optional(),
      telecom: many(contactPoint).optional(),
      address: address.optional(),
      gender: boundTo(genders).optional(),
      period: period.optional(),
    }),
  ).optional(),
  communication: many(element({ language: codeableConcept, preferred: boolean.optional() })).optional(),
  generalPractitioner: many(reference()).optional(),
  managingOrganization: reference('Organization').optional(),
  link: many(
    element({
      other: reference('Patient', 'RelatedPerson'),
      type: boundTo(['replaced-by', 'replaces', 'refer', 'seealso']),
    }),
  ).optional(),
})
  .check(choice('deceased', ['Boolean', 'DateTime']))
  .check(choice('multipleBirth', ['Boolean', 'Integer']));
export type Patient = z.infer<typeof patient>;
