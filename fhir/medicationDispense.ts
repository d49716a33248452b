import { z } from 'zod';
import {
  annotation,
  codeableConcept,
  dateTime,
  identifier,
  medicationConcept,
  type PrescribedProduct,
  quantity,
  reference,
  resourceId,
  systems,
  unitQuantity,
} from './coding.ts';
import { dosage } from './dosage.ts';
import type { MedicationRequest } from './medicationRequest.ts';
import { parseResource } from './parse.ts';

/** FHIR R4 MedicationDispense (http://hl7.org/fhir/R4/medicationdispense.html), as Medloom writes it. */
export const medicationDispense = z.strictObject({
  resourceType: z.literal('MedicationDispense'),
  id: resourceId,
  identifier: z.array(identifier).length(1),
  status: z.literal('completed'),
  medicationCodeableConcept: codeableConcept,
  performer: z.array(z.strictObject({ actor: reference })).length(1),
  authorizingPrescription: z.array(reference).length(1),
  type: codeableConcept,
  quantity: quantity.extend({ value: z.int().min(1).max(1_300_000) }),
  whenHandedOver: dateTime,
  note: z.array(annotation).max(4).optional(),
  dosageInstruction: z.array(dosage).length(1),
  substitution: z.strictObject({ wasSubstituted: z.boolean() }),
});
export type MedicationDispense = z.infer<typeof medicationDispense>;

export interface DispenseContent {
  /** The ledger's `disp-…`. */
  id: string;
  request: MedicationRequest;
  /** What was handed over; the prescribed product where absent. */
  product?: PrescribedProduct;
  /** Whole units handed over. */
  quantity: number;
  /** True when nothing is left of this fill. */
  fillComplete: boolean;
  performer: { id: string; name: string; institution?: string };
  /** ISO 8601 instant */
  handedOver: string;
  note?: string;
}

/** Builds the resource. Throws a ZodError that names the member that is wrong. */
export function buildMedicationDispense(content: DispenseContent): MedicationDispense {
  const { request, product, performer } = content;
  const prescribed = request.medicationCodeableConcept;
  const handedOver = product === undefined ? prescribed : medicationConcept(product);
  const note = content.note?.trim() ?? '';
  return medicationDispense.parse({
    resourceType: 'MedicationDispense',
    id: content.id,
    identifier: [{ system: systems.dispense, value: content.id }],
    status: 'completed',
    medicationCodeableConcept: handedOver,
    performer: [
      {
        actor: {
          identifier: { system: systems.practitioner, value: performer.id },
          display: performer.institution === undefined ? performer.name : `${performer.name}, ${performer.institution}`,
        },
      },
    ],
    authorizingPrescription: [{ identifier: request.identifier[0] }],
    type: {
      coding: [
        content.fillComplete
          ? { system: systems.actCode, code: 'FFC', display: 'First Fill - Complete' }
          : { system: systems.actCode, code: 'FFP', display: 'First Fill - Part Fill' },
      ],
    },
    quantity: unitQuantity(content.quantity, product?.unit ?? request.dispenseRequest.quantity.unit),
    whenHandedOver: content.handedOver,
    ...(note === '' ? {} : { note: [{ text: note }] }),
    dosageInstruction: request.dosageInstruction,
    substitution: { wasSubstituted: prescribed.coding?.[0]?.code !== handedOver.coding?.[0]?.code },
  });
}

/** Reads a decrypted dispense. Throws `FhirError`. */
export const parseMedicationDispense = (bytes: Uint8Array): MedicationDispense =>
  parseResource(medicationDispense, bytes);
