import { composePrescription } from '#components/vault/prescription.ts';
import type { IssueIntent } from '#components/vault/prescriptionOperations.ts';
import { newCareId } from '#crypto/identifier.ts';
import type { IssueTerms } from '#crypto/prescription.ts';
import type { CheckedPart, SafetyRecord } from '#fhir/safety.ts';
import type { Language } from '#fhir/sentence/language.ts';
import type { Product } from '#formulary/product.ts';
import type { PatientSummary } from '#server/people/schema.ts';
import { type Order, windowsOf } from './dose.ts';
import { termsOfPart } from './partTerms.ts';

/** What is to be prescribed. */
export interface Wanted {
  patient: PatientSummary;
  product: Product;
  order: Order;
  /** The checks that are signed with it, one for each part. */
  safety: readonly SafetyRecord[];
  /** In which the patient reads the dosage. */
  language: Language;
  /** The prescription that it corrects, or the request that it answers. */
  answers?: Pick<IssueTerms, 'replaces' | 'renews'>;
}

/** The doctor as the prescription names the doctor. */
export interface Requester {
  name: string;
  institution?: string;
}

/** Makes what is signed in one go: one prescription, or the parts of a series, each with code, token and window of its own. */
export async function composeParts(
  { patient, product, order, safety, language, answers }: Wanted,
  requester: Requester,
  now: number,
): Promise<IssueIntent[]> {
  const { dose, quantity, repeats, reason } = order;
  const authoredOn = new Date(now).toISOString();
  const series = order.parts > 1 ? newCareId('rs', patient.pseudonym) : undefined;
  const { name, birthDate, identifier, sex, pseudonym, readingKey } = patient;
  const made = windowsOf(order, now).map(({ from, expires }, index) =>
    composePrescription({
      patient: { name, birthDate, ...(identifier && { identifier }), sex, language, pseudonym, readingKey },
      requester,
      product,
      ...{ dose, quantity, repeats, authoredOn, expires },
      safety: ofPart(safety[index], { part: index + 1, of: order.parts, from: from ?? authoredOn }),
      ...(from !== undefined && { validFrom: from }),
      ...(reason !== undefined && { reason: { text: reason } }),
      terms: termsOfPart(order, index, { answers, series }),
    }),
  );
  return (await Promise.all(made)).map(({ intent }) => intent);
}

/** The check of a part, which says for which part it was made. Throws where there is none: nothing is signed unchecked. */
function ofPart(safety: SafetyRecord | undefined, part: CheckedPart): SafetyRecord {
  if (safety === undefined) throw new Error(`part ${part.part} was not checked`);
  return part.of > 1 ? { ...safety, part } : safety;
}
