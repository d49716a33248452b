import type { PatientSummary } from '#server/people/schema.ts';

/** The patient taken along from the list to the prescribing screen: in this page's memory only, in no address. */
let chosen: PatientSummary | null = null;

export function takeAlong(patient: PatientSummary): void {
  chosen = patient;
}

/** The patient that was taken along; once. */
export function takenAlong(): PatientSummary | null {
  const patient = chosen;
  chosen = null;
  return patient;
}
