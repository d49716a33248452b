import { codeOf, systems } from '#fhir/coding.ts';
import { type Dosage, type DosageRoute, dosageRoutes, patientSentenceOf, sentenceIn } from '#fhir/dosage.ts';
import { type Language, languageOfTag } from '#fhir/sentence/language.ts';

/**
 * The dosage as a sentence in a language: the signed one where it was signed in that language, else one made of the structured
 * dosage, which was signed as well; the signed one, whatever its language, where the route is unknown.
 */
export function sentenceFor(dosage: Dosage, language: Language): { language: Language; text: string } {
  const signed = patientSentenceOf(dosage);
  if (signed.language === language) return signed;
  if (language === 'en') return { language, text: dosage.text };
  const code = codeOf(dosage.route, systems.snomed);
  const names = Object.keys(dosageRoutes) as DosageRoute[];
  const route = names.find((name) => dosageRoutes[name].code === code);
  const [rate] = dosage.doseAndRate;
  if (route === undefined || rate === undefined) return signed;
  const { frequency, period, periodUnit, boundsDuration } = dosage.timing.repeat;
  const text = sentenceIn(language, {
    amount: rate.doseQuantity.value,
    unit: rate.doseQuantity.unit,
    ...{ route, frequency, period, periodUnit },
    ...(boundsDuration && { durationDays: boundsDuration.value }),
    ...(dosage.asNeededCodeableConcept?.text && { asNeededFor: dosage.asNeededCodeableConcept.text }),
  });
  return { language, text };
}

/** The first language of the reader's browser that there are sentences in. */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const language = languageOfTag(tag);
    if (language !== undefined) return language;
  }
  return 'en';
}
