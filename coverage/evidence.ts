import { codeableConcept, codeOf, systems } from '#fhir/coding.ts';
import type { CheckedEvidence } from './adjudicate.ts';

/** What a check of a claim's evidence finds, as far as it is judged by. */
export interface FoundEvidence {
  /** Fields of the prescription that were shown. */
  shown: { medicine?: unknown };
  dispense: { dispense: { quantity: number } } | undefined;
  faults: CheckedEvidence['faults'];
}

export function evidenceFound({ shown, dispense, faults }: FoundEvidence): CheckedEvidence {
  const medicine = codeableConcept.safeParse(shown.medicine);
  return {
    ...{ faults, dispensed: dispense?.dispense.quantity },
    ...(medicine.success && {
      prescribed: { code: codeOf(medicine.data, systems.product), atc: codeOf(medicine.data, systems.atc) },
    }),
  };
}
