import { type Problem, problemOf } from '#components/ui/errors.ts';
import { keepForBill } from '#components/vault/billing.ts';
import type { NewDispense } from '#components/vault/dispenseOperations.ts';
import { medicationConcept } from '#fhir/coding.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import type { Verdict } from '#server/prescriptions/schema.ts';

/** An institution without a key of its own bills nobody. */
const billsNobody: readonly string[] = ['READER_UNKNOWN'];

/**
 * Keeps what the pharmacy needs to bill a hand-over that is about to be recorded, while the prescription is open. It delays nobody's
 * medicine: what goes wrong is answered, to be told beside what was handed out.
 */
export async function keepNote(
  { patient }: Pick<Verdict, 'patient'>,
  request: MedicationRequest,
  { dispense, handOver, institution }: { dispense: string; handOver: NewDispense; institution: string | null },
): Promise<Problem | null> {
  if (patient === undefined || institution === null) return null;
  const { prescriptionId, quantity, substitution } = handOver;
  const medicine = substitution ? medicationConcept(substitution.product) : request.medicationCodeableConcept;
  const { unit } = request.dispenseRequest.quantity;
  try {
    const written = JSON.parse(JSON.stringify(medicine));
    await keepForBill({
      prescriptionId,
      patient,
      institution,
      dispensed: { dispense, medicine: written, quantity, unit },
    });
    return null;
  } catch (thrown) {
    const problem = problemOf(thrown);
    return billsNobody.includes(problem.code) ? null : problem;
  }
}
