import { z } from 'zod';
import { date, shortText, systems } from '#fhir/coding.ts';
import type { PrescriptionContent } from '#fhir/medicationRequest.ts';
import type { medicationRequest as r4MedicationRequest } from '#fhir/r4/medicationRequest.ts';
import { languageSystem, languages } from '#fhir/sentence/language.ts';
import { pseudonymOf, readExactly, requireKnownMembers, unprocessable } from './inbound.ts';

/** Whom a system orders for. */

const at = 'MedicationRequest.contained[0]';
const members = ['identifier', 'name', 'birthDate', 'gender', 'communication'];

const identifier = z.strictObject({
  use: z.string().optional(),
  system: z.string().max(200).optional(),
  value: z.string().min(1).max(128),
});
const words = shortText.optional();
const contained = z.looseObject({
  resourceType: z.literal('Patient', 'must be one Patient with name and birthDate'),
  id: z.string(),
  identifier: z.array(identifier).max(2).optional(),
  name: z.tuple([
    z.strictObject({
      use: z.string().optional(),
      text: words,
      family: words,
      given: z.array(shortText).optional(),
      prefix: z.array(shortText).optional(),
      suffix: z.array(shortText).optional(),
    }),
  ]),
  birthDate: date,
  gender: z.enum(['male', 'female', 'other', 'unknown']).optional(),
  communication: z
    .tuple([
      z.strictObject({
        language: z.strictObject({
          coding: z.tuple([
            z.strictObject({
              system: z.literal(languageSystem),
              code: z.enum(languages, `must be one of ${languages.join(', ')}`),
              display: z.string().optional(),
            }),
          ]),
          text: z.string().optional(),
        }),
        preferred: z.literal(true).optional(),
      }),
    ])
    .optional(),
});
const named = z.strictObject({
  reference: z.string().optional(),
  type: z.literal('Patient').optional(),
  identifier: identifier.optional(),
  display: z.string().optional(),
});

/** The pseudonym by which the ledger knows the patient, and what the pharmacist compares. */
export function orderedPatient({
  subject: sent,
  contained: resources = [],
}: z.infer<typeof r4MedicationRequest>): PrescriptionContent['patient'] & { pseudonym: string } {
  const subject = readExactly('MedicationRequest.subject', named, sent);
  const [patient, ...others] = resources.filter(({ resourceType }) => resourceType === 'Patient');
  // By its place, which its faults are told with.
  if (patient === undefined || patient !== resources[0] || others.length > 0) {
    throw unprocessable('MedicationRequest.contained', 'must be one Patient with name and birthDate, and first');
  }
  requireKnownMembers(at, patient, members);
  const {
    id,
    identifier: identifiers = [],
    name,
    birthDate,
    gender,
    communication,
  } = readExactly(at, contained, patient);
  if (subject.reference !== undefined && subject.reference !== `#${id}`) {
    throw unprocessable('MedicationRequest.subject.reference', 'must refer to the contained Patient');
  }
  const numbers = [...(subject.identifier ? [subject.identifier] : []), ...identifiers];
  const pseudonym = pseudonymOf(numbers);
  if (pseudonym === undefined) {
    const expected = `must name the patient by an identifier of the system ${systems.pseudonym}`;
    throw unprocessable('MedicationRequest.subject', expected);
  }
  const register = numbers.find(({ system }) => system !== systems.pseudonym);
  if (numbers.some(({ system, value }) => value !== (system === systems.pseudonym ? pseudonym : register?.value))) {
    throw unprocessable(`${at}.identifier`, 'must have one pseudonym and at most one number besides');
  }
  const [{ text, family, given = [], prefix = [], suffix = [] }] = name;
  const whole = text ?? [...prefix, ...given, family, ...suffix].filter(Boolean).join(' ');
  if (subject.display !== undefined && subject.display !== whole) {
    throw unprocessable('MedicationRequest.subject.display', 'must be the contained Patient’s name');
  }
  const language = communication?.[0].language.coding[0].code;
  return {
    ...{ pseudonym, name: whole, birthDate },
    ...(register && { identifier: register.value }),
    ...(gender && { sex: gender }),
    ...(language && { language }),
  };
}
