import { patientSentenceOf } from '#fhir/dosage.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { sentenceParts } from './content.ts';

/** What the prescriber told the patient, as it was signed, in the patient's language too, and further words below. */
export function SignedSentence({ request, quoted = true }: { request: MedicationRequest; quoted?: boolean }) {
  const [dosage] = request.dosageInstruction;
  if (!dosage) return null;
  const { language, text } = patientSentenceOf(dosage);
  return (
    <>
      {quoted && '“'}
      {sentenceParts(dosage).map((part) =>
        part.bold ? <strong key={part.at}>{part.text}</strong> : <span key={part.at}>{part.text}</span>,
      )}
      {quoted && '”'}
      {language !== 'en' && (
        <span lang={language} className="mt-1 block">
          {quoted ? `“${text}”` : text}
        </span>
      )}
      {dosage.patientInstruction && <span className="mt-1 block text-ink-2">{dosage.patientInstruction}</span>}
    </>
  );
}
