import { z } from 'zod';
import { accessCodeOf, answered, expectAnswer, readAnswer } from './answers.ts';
import type { FhirClient } from './client.ts';
import { acceptanceOf, orderOf, type PackData, type PatientData, type PractitionerData } from './resources.ts';

/** One turn of the example: who takes part, and how each begins. */

export interface Example {
  doctor: PractitionerData;
  pharmacist: PractitionerData;
  /** Of the pharmacy that things are transferred to. */
  other: PractitionerData & { institution: string };
  patient: PatientData;
  medicine: { code: string; unit: string; packSize: number };
  /** Packs that the pharmacy holds, of which one is handed out. */
  packs: PackData[];
}

export interface Systems {
  hospital: FhirClient;
  pharmacy: FhirClient;
  otherPharmacy: FhirClient;
}

/** What was asked and answered, for whoever watches. */
export type Tell = (step: string, said: Record<string, unknown>) => void;

export interface Turn {
  systems: Systems;
  example: Example;
  /** Of orders and sales, which are found again by it. */
  number: string;
  tell: Tell;
}

/** An issued prescription as it is answered. */
export const issued = answered.extend({ medicationCodeableConcept: z.unknown() });

/** The order of the example, under a number of its own. */
export const exampleOrder = ({ example: { doctor, patient, medicine }, number }: Turn, suffix = '') =>
  orderOf({ ...{ patient, doctor, medicine }, number: `${number}${suffix}`, quantity: medicine.packSize, repeats: 1 });

/** Issues it, or finds what was issued under the number. */
export async function issueOrder({ systems, tell }: Turn, order: ReturnType<typeof exampleOrder>) {
  const condition = { 'if-none-exist': `identifier=urn:example:order|${order.identifier[0]?.value}` };
  const created = await systems.hospital.request('POST', 'MedicationRequest', order, condition);
  const prescription = issued.parse(expectAnswer(created, [200, 201]));
  const { id, status } = prescription;
  tell('issued', { id, status });
  return { id, code: accessCodeOf(prescription) };
}

export async function takeOn({ systems, example, tell }: Turn, { id, code }: { id: string; code: string }) {
  const reply = await systems.pharmacy.request('POST', 'Task', acceptanceOf(code, example.pharmacist));
  const { status } = readAnswer(reply, [200, 201]);
  tell('accepted', { id, status });
}
