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

/** The patient travels inside the encrypted prescription, so that the pharmacist can compare two identifiers. */
const containedPatient = z.strictObject({
  resourceType: z.literal('Patient'),
  id: z.literal('patient'),
  identifier: z.array(identifier).max(4).optional(),
  name: z.array(z.strictObject({ text: shortText })).length(1),
  gender: z.enum(['male', 'female', 'other', 'unknown']).optional(),
  birthDate: date,
});

/** FHIR R4 MedicationRequest (http://hl7.org/fhir/R4/medicationrequest.html), as Medloom writes it. */
export const medicationRequest = z.strictObject({
  resourceType: z.literal('MedicationRequest'),
  id: resourceId,
  contained: z.array(containedPatient).length(1),
  identifier: z.array(identifier).length(1),
  status: z.literal('active'),
  intent: z.literal('order'),
  medicationCodeableConcept: codeableConcept,
  subject: z.strictObject({ reference: z.literal('#patient'), display: shortText }),
  authoredOn: dateTime,
  requester: reference,
  note: z.array(annotation).max(4).optional(),
  dosageInstruction: z.array(dosage).length(1),
  dispenseRequest: z.strictObject({
    validityPeriod: z.strictObject({ start: dateTime, end: dateTime }),
    numberOfRepeatsAllowed: z.int().min(0).max(12),
    quantity: quantity.extend({ value: z.int().min(1).max(100_000) }),
  }),
  substitution: z.strictObject({ allowedBoolean: z.boolean() }),
});
export type MedicationRequest = z.infer<typeof medicationRequest>;

export interface PrescriptionContent {
  /** The ledger's `rx-…`. */
  id: string;
  product: PrescribedProduct;
  patient: { name: string; birthDate: string; identifier?: string; sex?: 'male' | 'female' | 'other' | 'unknown' };
  requester: { id: string; name: string; institution?: string };
  /** ISO 8601 instants. */
  authoredOn: string;
  expires: string;
  dose: DoseInstruction;
  /** Whole units of one fill. */
  quantity: number;
  repeats: number;
  /** Words to patient and pharmacy. */
  note?: string;
  substitutionAllowed?: boolean;
}

/** Builds the resource. Throws a ZodError that names the member that is wrong. */
export function buildMedicationRequest(content: PrescriptionContent): MedicationRequest {
  const { patient, requester } = content;
  const note = content.note?.trim() ?? '';
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
      },
    ],
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
    ...(note === '' ? {} : { note: [{ text: note }] }),
    dosageInstruction: [buildDosage(content.dose)],
    dispenseRequest: {
      validityPeriod: { start: content.authoredOn, end: content.expires },
      numberOfRepeatsAllowed: content.repeats,
      quantity: unitQuantity(content.quantity, content.product.unit),
    },
    substitution: { allowedBoolean: content.substitutionAllowed ?? true },
  });
}

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
  const value = patient?.identifier?.[0]?.value;
  return {
    name: patient?.name[0]?.text ?? '',
    birthDate: patient?.birthDate ?? '',
    ...(value === undefined ? {} : { identifier: value }),
  };
}
