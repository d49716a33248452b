import { amountText, type DoseInstruction, dosageSentence, frequencyText } from '#fhir/dosage.ts';
import { boldParts } from './boldParts.ts';

/** The sentence that the patient reads, quoted, with amount, frequency and duration in bold. */
export function PatientSentence({ dose }: { dose: DoseInstruction }) {
  const days = dose.durationDays;
  const strong = [
    amountText(dose.amount, dose.unit),
    frequencyText(dose),
    days === undefined ? '' : `${days} day${days === 1 ? '' : 's'}`,
  ];
  return (
    <>
      “
      {boldParts(dosageSentence(dose), strong).map((part) =>
        part.bold ? <strong key={part.at}>{part.text}</strong> : <span key={part.at}>{part.text}</span>,
      )}
      ”
    </>
  );
}
