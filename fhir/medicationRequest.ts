import { z } from 'zod';
import {
  annotation,
  codeableConcept,
  date,
  dateTime,
  identifier,
  medicationConcept,
  type PrescribedProduct,
  quantity,
  reference,
  resourceId,
  shortText,
  systems,
  unitQuantity,
} from './coding.ts';
import { buildDosage, type DoseInstruction, dosage } from './dosage.ts';
import { parseResource } from './parse.ts';
import {
  detectedIssue,
  mostFindings,
  readSafety,
  type SafetyRecord,
  safetyExtension,
  safetyMembers,
} from './safety.ts';
import { type Language, languageSystem, languages } from './sentence/language.ts';

/** The patient travels inside the encrypted prescription, so that the pharmacist can compare two identifiers. */
const containedPatient = z.strictObject({
  resourceType: z.literal('Patient'),
  id: z.literal('patient'),
  identifier: z.array(identifier).max(4).optional(),
  name: z.array(z.strictObject({ text: shortText })).length(1),
  gender: z.enum(['male', 'female', 'other', 'unknown']).optional(),
  birthDate: date,
  /** The language in which the patient reads the dosage. */
  communication: z
    .tuple([
      z.strictObject({
        language: z.strictObject({
          coding: z.tuple([z.strictObject({ system: z.literal(languageSystem), code: z.enum(languages) })]),
        }),
        preferred: z.literal(true),
      }),
    ])
    .optional(),
});

const shape = z.strictObject({
  resourceType: z.literal('MedicationRequest'),
  id: resourceId,
  contained: z.tuple([containedPatient]).rest(detectedIssue),
  extension: z.tuple([safetyExtension]).optional(),
  identifier: z.array(identifier).length(1),
  status: z.literal('active'),
  intent: z.literal('order'),
  medicationCodeableConcept: codeableConcept,
  subject: z.strictObject({ reference: z.literal('#patient'), display: shortText }),
  authoredOn: dateTime,
  requester: reference,
  /** Why it is prescribed: diagnosis or purpose. */
  reasonCode: z.array(codeableConcept).min(1).max(4).optional(),
  note: z.array(annotation).max(4).optional(),
  dosageInstruction: z.array(dosage).length(1),
  dispenseRequest: z.strictObject({
    validityPeriod: z.strictObject({ start: dateTime, end: dateTime }),
    numberOfRepeatsAllowed: z.int().min(0).max(12),
    quantity: quantity.extend({ value: z.int().min(1).max(100_000) }),
  }),
  substitution: z.strictObject({ allowedBoolean: z.boolean() }),
  detectedIssue: z
    .array(z.strictObject({ reference: z.string().regex(/^#issue-\d{1,2}$/) }))
    .min(1)
    .max(mostFindings)
    .optional(),
});

/** FHIR R4 MedicationRequest (http://hl7.org/fhir/R4/medicationrequest.html), as Medloom writes it. */
export const medicationRequest = shape.refine(
  ({ contained: [, ...issues], detectedIssue = [] }) =>
    issues.map(({ id }) => `#${id}`).join() === detectedIssue.map(({ reference }) => reference).join(),
  { path: ['detectedIssue'], error: 'must name each finding, and nothing else' },
);
export type MedicationRequest = z.infer<typeof medicationRequest>;

export interface PrescriptionContent {
  /** The ledger's `rx-…`. */
  id: string;
  product: PrescribedProduct;
  patient: {
    name: string;
    birthDate: string;
    identifier?: string;
    sex?: 'male' | 'female' | 'other' | 'unknown';
    /** English where absent. */
    language?: Language;
  };
  requester: { id: string; name: string; institution?: string };
  /** ISO 8601 instants. */
  authoredOn: string;
  expires: string;
  /** From when it can be filled; from when it was written where this is absent. */
  validFrom?: string;
  dose: DoseInstruction;
  /** Whole units of one fill. */
  quantity: number;
  repeats: number;
  /** Words to patient and pharmacy. */
  note?: string;
  /** Why it is prescribed, in words and with a code where there is one. */
  reason?: { text: string; coding?: { system: string; code: string; display?: string | undefined } };
  /** The clinical check at signing; absent where none was made. */
  safety?: SafetyRecord;
  substitutionAllowed?: boolean;
}

/** Builds the resource. Throws a ZodError that names the member that is wrong. */
export function buildMedicationRequest(content: PrescriptionContent): MedicationRequest {
  const { patient, requester, reason } = content;
  const note = content.note?.trim() ?? '';
  const { issues, extension } = safetyMembers(content.safety);
  return medicationRequest.parse({
    resourceType: 'MedicationRequest',
    id: content.id,
    contained: [
      {
        resourceType: 'Patient',
        id: 'patient',
        ...(patient.identifier === undefined
          ? {}
          : { identifier: [{ system: systems.patient, value: patient.identifier }] }),
        name: [{ text: patient.name }],
        ...(patient.sex === undefined ? {} : { gender: patient.sex }),
        birthDate: patient.birthDate,
        ...(patient.language !== undefined && {
          communication: [
            { language: { coding: [{ system: languageSystem, code: patient.language }] }, preferred: true },
          ],
        }),
      },
      ...issues,
    ],
    ...(extension !== undefined && { extension: [extension] }),
    identifier: [{ system: systems.prescription, value: content.id }],
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: medicationConcept(content.product),
    subject: { reference: '#patient', display: patient.name },
    authoredOn: content.authoredOn,
    requester: {
      identifier: { system: systems.practitioner, value: requester.id },
      display: requester.institution === undefined ? requester.name : `${requester.name}, ${requester.institution}`,
    },
    ...(reason !== undefined && {
      reasonCode: [{ ...(reason.coding !== undefined && { coding: [reason.coding] }), text: reason.text.trim() }],
    }),
    ...(note === '' ? {} : { note: [{ text: note }] }),
    dosageInstruction: [buildDosage(content.dose, patient.language)],
    dispenseRequest: {
      validityPeriod: { start: content.validFrom ?? content.authoredOn, end: content.expires },
      numberOfRepeatsAllowed: content.repeats,
      quantity: unitQuantity(content.quantity, content.product.unit),
    },
    substitution: { allowedBoolean: content.substitutionAllowed ?? true },
    ...(issues.length > 0 && { detectedIssue: issues.map(({ id }) => ({ reference: `#${id}` })) }),
  });
}

/** The clinical check that was made when it was signed; undefined where none was made. */
export function safetyOf({ contained: [, ...issues], extension }: MedicationRequest): SafetyRecord | undefined {
  return readSafety(issues, extension?.[0]);
}

/** The language in which the patient reads the dosage. */
export const languageOf = ({ contained: [patient] }: MedicationRequest): Language =>
  patient.communication?.[0].language.coding[0].code ?? 'en';

/** Reads a decrypted prescription. Throws `FhirError`. */
export const parseMedicationRequest = (bytes: Uint8Array): MedicationRequest => parseResource(medicationRequest, bytes);

export interface PatientIdentity {
  name: string;
  birthDate: string;
  identifier?: string;
}

/** The two identifiers that the pharmacist asks for. */
export function patientIdentity(request: MedicationRequest): PatientIdentity {
  const [patient] = request.contained;
  const value = patient.identifier?.[0]?.value;
  return {
    name: patient.name[0]?.text ?? '',
    birthDate: patient.birthDate,
    ...(value === undefined ? {} : { identifier: value }),
  };
}
