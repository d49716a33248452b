import type { Problem } from '#components/ui/errors.ts';
import type { OpenedPrescription } from '#components/vault/prescriptionOperations.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import { amountText, type Dosage, frequencyText } from '#fhir/dosage.ts';
import { type MedicationRequest, type PatientIdentity, patientIdentity } from '#fhir/medicationRequest.ts';
import { findProduct } from '#formulary/products.ts';
import { boldParts } from './boldParts.ts';

/** What a screen knows of a prescription's content. */
export type ContentState =
  | { state: 'locked' }
  | { state: 'reading' }
  | { state: 'failed'; problem: Problem }
  | { state: 'open'; content: OpenedPrescription };

export const medicineOf = (request: MedicationRequest): string => {
  const name = request.medicationCodeableConcept.text ?? request.medicationCodeableConcept.coding?.[0]?.display ?? '';
  return name.charAt(0).toLocaleUpperCase() + name.slice(1);
};

/** The product code of a prescription that the formulary does not know, empty where it names none; else undefined. */
export function unknownProductOf({ medicationCodeableConcept }: MedicationRequest): string | undefined {
  const code = codeOf(medicationCodeableConcept, systems.product) ?? '';
  return findProduct(code) === undefined ? code : undefined;
}

/** True where the formulary has the medicine as controlled and its author did not sign it as such: nobody hands it out. */
export function isUndeclared({ medicationCodeableConcept }: MedicationRequest, declared: boolean): boolean {
  return !declared && findProduct(codeOf(medicationCodeableConcept, systems.product) ?? '')?.controlled === true;
}

export const unitOf = (request: MedicationRequest): string => request.dispenseRequest.quantity.unit;

export const identityOf = (request: MedicationRequest): PatientIdentity => patientIdentity(request);

/** “14 tablets”. */
export const quantityText = (request: MedicationRequest, quantity: number): string =>
  amountText(quantity, unitOf(request));

/** The signed sentence with amount and frequency in bold. */
export function sentenceParts(dosage: Dosage): ReturnType<typeof boldParts> {
  const [rate] = dosage.doseAndRate;
  const { boundsDuration, ...timing } = dosage.timing.repeat;
  const amount = rate ? amountText(rate.doseQuantity.value, rate.doseQuantity.unit) : '';
  const often = frequencyText(timing);
  const days = boundsDuration ? `${boundsDuration.value} ${boundsDuration.unit}` : '';
  return boldParts(dosage.text, [amount, often, days]);
}
