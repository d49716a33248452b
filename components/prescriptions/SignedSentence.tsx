import { Notice } from '#components/ui/Notice.tsx';
import { type Dosage, patientSentenceOf, strayingSentences } from '#fhir/dosage.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { t } from '#messages/en.ts';
import { sentenceParts } from './content.ts';

const text = t.safety.sentence;

/** What the prescriber told the patient, as it was signed, in the patient's language too, and further words below. */
export function SignedSentence({ request, quoted = true }: { request: MedicationRequest; quoted?: boolean }) {
  const [dosage] = request.dosageInstruction;
  if (!dosage) return null;
  const { language, text: words } = patientSentenceOf(dosage);
  return (
    <>
      {quoted && '“'}
      {sentenceParts(dosage).map((part) =>
        part.bold ? <strong key={part.at}>{part.text}</strong> : <span key={part.at}>{part.text}</span>,
      )}
      {quoted && '”'}
      {language !== 'en' && (
        <span lang={language} className="mt-1 block">
          {quoted ? `“${words}”` : words}
        </span>
      )}
      {dosage.patientInstruction && <span className="mt-1 block text-ink-2">{dosage.patientInstruction}</span>}
    </>
  );
}

/** Said loudly where a signed sentence is not the one that the structured dose makes; nothing where all are. */
export function SentenceWarning({ dosage }: { dosage: Dosage }) {
  const straying = strayingSentences(dosage);
  if (straying.length === 0) return null;
  return (
    <Notice tone="danger" live="alert" title={text.differs}>
      <p>{text.differsBody}</p>
      {straying.map(({ language, anew }) => (
        <p key={language} lang={anew === undefined ? undefined : language} className="mt-1 font-semibold">
          {anew === undefined ? text.noStructure : `“${anew}”`}
        </p>
      ))}
    </Notice>
  );
}
