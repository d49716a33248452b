import type { CodeableConcept, Coding, Quantity } from '../r4/datatypes.ts';
import type { Measured } from './entry.ts';

/** Short names of code systems that a chart meets. */
export const shortSystems: Record<string, string> = {
  'http://loinc.org': 'loinc',
  'http://snomed.info/sct': 'sct',
  'http://hl7.org/fhir/sid/icd-10': 'icd10',
  'http://hl7.org/fhir/sid/icd-10-cm': 'icd10cm',
  'http://www.nlm.nih.gov/research/umls/rxnorm': 'rxnorm',
  'http://www.whocc.no/atc': 'atc',
  'http://hl7.org/fhir/sid/cvx': 'cvx',
  'http://unitsofmeasure.org': 'ucum',
};
export const loinc = 'http://loinc.org';

const cut = (words: string, most = 240) => (words.length <= most ? words : `${words.slice(0, most - 1)}…`);
const oneLine = (words: string) => words.replace(/\s+/g, ' ').trim();

/** What a concept is called: its own words, else those of its first coding that has some, else that code. */
export function wordsOf(concept: CodeableConcept | undefined): string | undefined {
  const codings = concept?.coding ?? [];
  const found =
    concept?.text ?? codings.find(({ display }) => display)?.display ?? codings.find(({ code }) => code)?.code;
  return found === undefined || oneLine(found) === '' ? undefined : cut(oneLine(found));
}
export const clip = (words: string | undefined): string | undefined =>
  words === undefined || oneLine(words) === '' ? undefined : cut(oneLine(words));

/** `loinc|4548-4`: LOINC where there is one, else the first code. */
export function codeKey(concept: CodeableConcept | undefined): string | undefined {
  const codings = (concept?.coding ?? []).filter(({ code }) => code !== undefined);
  const chosen = codings.find(({ system }) => system === loinc) ?? codings[0];
  return chosen === undefined ? undefined : keyOf(chosen);
}
export const keyOf = ({ system, code }: Coding): string | undefined =>
  code === undefined ? undefined : `${(system && shortSystems[system]) ?? system ?? ''}|${code}`.slice(0, 160);

export function measuredQuantity({ value, comparator, unit, code }: Quantity): Measured | undefined {
  if (value === undefined) return undefined;
  return {
    n: value,
    ...(comparator === undefined ? {} : { c: comparator }),
    ...((code ?? unit) === undefined ? {} : { u: (code ?? unit)?.slice(0, 64) }),
  };
}
