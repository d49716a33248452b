'use client';

import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { sentenceFor } from './spoken.ts';
import { useLanguage } from './useLanguage.ts';

/** How to take it, in the reader's language, and what the prescriber said besides. */
export function Instructions({ request }: { request: MedicationRequest }) {
  const [language] = useLanguage();
  const [dosage] = request.dosageInstruction;
  if (!dosage) return null;
  const said = sentenceFor(dosage, language);
  return (
    <p className="mt-1 text-lg">
      <span lang={said.language}>{said.text}</span>
      {dosage.patientInstruction && <span className="mt-1 block text-ink-2">{dosage.patientInstruction}</span>}
    </p>
  );
}
