import { codeOf, systems } from '#fhir/coding.ts';
import type { Dosage } from '#fhir/dosage.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import type { Product } from '#formulary/product.ts';
import { findProduct } from '#formulary/products.ts';
import { type DoseDraft, emptyDose, type Frequency, frequencies } from './dose.ts';

/** How often a dosage says, as the form has it; undefined where the form has no such choice. */
function frequencyOf({ timing: { repeat } }: Dosage): Frequency | undefined {
  const names = Object.keys(frequencies) as Frequency[];
  return names.find((name) => {
    const { frequency, period, periodUnit } = frequencies[name];
    return repeat.frequency === frequency && repeat.period === period && repeat.periodUnit === periodUnit;
  });
}

/**
 * The form filled in with what a prescription says, to correct it or to write it anew; undefined where the formulary no longer has
 * the product, or the form cannot say the dose: then it is written from the beginning.
 */
export function draftFrom(
  request: MedicationRequest,
  { fillEveryDays }: { fillEveryDays?: number | undefined },
): { product: Product; draft: DoseDraft } | undefined {
  const product = findProduct(codeOf(request.medicationCodeableConcept, systems.product) ?? '');
  const [dosage] = request.dosageInstruction;
  const frequency = dosage && frequencyOf(dosage);
  const amount = dosage?.doseAndRate[0]?.doseQuantity.value;
  const days = dosage?.timing.repeat.boundsDuration?.value;
  if (!product || !dosage || frequency === undefined || amount === undefined || days === undefined) return undefined;
  return {
    product,
    draft: {
      ...emptyDose,
      amount: String(amount),
      frequency,
      days: String(days),
      repeats: request.dispenseRequest.numberOfRepeatsAllowed,
      every: fillEveryDays === undefined ? '' : String(fillEveryDays),
      asNeeded: dosage.asNeededCodeableConcept?.text ?? '',
      reason: request.reasonCode?.[0]?.text ?? '',
      note: dosage.patientInstruction ?? '',
    },
  };
}
