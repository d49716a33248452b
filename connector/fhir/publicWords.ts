import { systems } from '#fhir/coding.ts';
import { medicationRequest, patientIdentity } from '#fhir/medicationRequest.ts';
import { fold } from '#formulary/search.ts';
import { unprocessable } from './inbound.ts';

/**
 * Reasons stand on the care channel for ever, for all its members. Software fills them from its own records, so that what names the
 * patient, the medicine or why it was prescribed is refused here, where that is known; nobody further on could tell.
 */
export function requirePublicWords(reason: string, document: string | undefined, expression: string): void {
  if (document === undefined) return;
  const said = ` ${wordsOf(reason).join(' ')} `;
  if (namesIn(document).every((name) => !said.includes(` ${name} `))) return;
  const why = 'is public to the ledger: name neither the patient, nor the medicine, nor a diagnosis';
  throw unprocessable(expression, why, 'business-rule');
}

const wordsOf = (text: string): string[] =>
  fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
/** Shorter ones are in any sentence. */
const shortestName = 3;

/** What must not be said: each part of the patient's name, birth date and number, the substance, the diagnosis. */
function namesIn(document: string): string[] {
  const request = medicationRequest.parse(JSON.parse(document));
  const { name, birthDate, identifier } = patientIdentity(request);
  const { coding = [], text = '' } = request.medicationCodeableConcept;
  const substances = coding.flatMap(({ system, display }) => (system === systems.atc ? (display ?? []) : []));
  const reasons = (request.reasonCode ?? []).flatMap((one) => one.text ?? []);
  const phrases = [birthDate, ...(identifier === undefined ? [] : [identifier]), text, ...substances, ...reasons];
  const parts = wordsOf(name).filter((word) => word.length >= shortestName);
  return [...phrases.map((phrase) => wordsOf(phrase).join(' ')), ...parts].filter((words) => words !== '');
}
