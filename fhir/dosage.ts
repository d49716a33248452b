import { z } from 'zod';
import { codeableConcept, longText, positive, quantity, systems, unitQuantity } from './coding.ts';
import { frenchSentence } from './sentence/french.ts';
import { germanSentence } from './sentence/german.ts';
import { type Language, languages, type Spoken, type SpokenRoute, spokenRoutes } from './sentence/language.ts';
import { spanishSentence } from './sentence/spanish.ts';

/** Routes with their SNOMED CT codes (route of administration values) and the words of the plain sentence. */
export const dosageRoutes = {
  oral: { code: '26643006', display: 'Oral route', verb: 'Take', where: 'by mouth' },
  sublingual: { code: '37839007', display: 'Sublingual route', verb: 'Use', where: 'under the tongue' },
  rectal: { code: '37161004', display: 'Rectal route', verb: 'Insert', where: 'into the rectum' },
  vaginal: { code: '16857009', display: 'Vaginal route', verb: 'Insert', where: 'into the vagina' },
  cutaneous: { code: '448598008', display: 'Cutaneous route', verb: 'Apply', where: 'to the skin' },
  transdermal: { code: '45890007', display: 'Transdermal route', verb: 'Apply', where: 'to the skin' },
  inhalation: { code: '447694001', display: 'Respiratory tract route', verb: 'Inhale', where: '' },
  nasal: { code: '46713006', display: 'Nasal route', verb: 'Use', where: 'in the nose' },
  ocular: { code: '54485002', display: 'Ophthalmic route', verb: 'Put', where: 'into the eye' },
  otic: { code: '10547007', display: 'Otic route', verb: 'Put', where: 'into the ear' },
  subcutaneous: { code: '34206005', display: 'Subcutaneous route', verb: 'Inject', where: 'under the skin' },
  intramuscular: { code: '78421000', display: 'Intramuscular route', verb: 'Inject', where: 'into the muscle' },
} as const satisfies Record<SpokenRoute, unknown>;
export type DosageRoute = SpokenRoute;

/** How much, how often, how long. */
export interface DoseInstruction extends Spoken {
  /** Further words to the patient. */
  note?: string;
}

/** http://hl7.org/fhir/R4/extension-translation.html: the same words in another language. */
const translationUrl = 'http://hl7.org/fhir/StructureDefinition/translation';
const translation = z.strictObject({
  url: z.literal(translationUrl),
  extension: z.tuple([
    z.strictObject({ url: z.literal('lang'), valueCode: z.enum(languages) }),
    z.strictObject({ url: z.literal('content'), valueString: longText }),
  ]),
});

export const dosage = z.strictObject({
  text: longText,
  /** The sentence in the patient's language, where that is not English. */
  _text: z.strictObject({ extension: z.tuple([translation]) }).optional(),
  patientInstruction: longText.optional(),
  timing: z.strictObject({
    repeat: z.strictObject({
      frequency: z.int().min(1).max(96),
      period: positive,
      periodUnit: z.enum(['h', 'd', 'wk', 'mo']),
      boundsDuration: z
        .strictObject({
          value: positive,
          unit: z.enum(['day', 'days']),
          system: z.literal(systems.ucum),
          code: z.literal('d'),
        })
        .optional(),
    }),
  }),
  asNeededCodeableConcept: codeableConcept.optional(),
  route: codeableConcept,
  doseAndRate: z.array(z.strictObject({ doseQuantity: quantity })).length(1),
});
export type Dosage = z.infer<typeof dosage>;

/** Whole numbers and decimals as they are written in English, without a trailing zero. */
const numberText = (value: number) => new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 }).format(value);

const uncounted = new Set(['mL', 'g']);

/** `1 tablet`, `2 tablets`, `half a tablet`, `5 mL`. */
export function amountText(amount: number, unit: string): string {
  if (amount === 0.5 && !uncounted.has(unit))
    return `half ${/^[aeiou]/.test(unit) && unit !== 'unit' ? 'an' : 'a'} ${unit}`;
  if (uncounted.has(unit) || amount <= 1) return `${numberText(amount)} ${unit}`;
  return `${numberText(amount)} ${/(ch|s|sh|x)$/.test(unit) ? `${unit}es` : unit.replace(/([^aeiou])y$/, '$1ie').concat('s')}`;
}

const counted = (count: number, one: string) => (count === 1 ? one : `${numberText(count)} ${one}s`);
const periodWords = { h: 'hour', d: 'day', wk: 'week', mo: 'month' } as const;

/** `once a day`, `every 12 hours`, `5 times a day`, `once a week`, `every 2 days`. */
export function frequencyText({
  frequency,
  period,
  periodUnit,
}: Pick<Spoken, 'frequency' | 'period' | 'periodUnit'>): string {
  const hours = 24 / frequency;
  if (periodUnit === 'd' && period === 1 && frequency > 1 && frequency <= 4) return `every ${hours} hours`;
  const word = periodWords[periodUnit];
  const times = frequency === 1 ? 'once' : frequency === 2 ? 'twice' : `${frequency} times`;
  if (period === 1 && periodUnit !== 'h') return `${times} a ${word}`;
  const every = `every ${counted(period, word)}`;
  return frequency === 1 ? every : `${times} ${every}`;
}

/** The sentence that the patient reads: `Take 1 tablet by mouth every 12 hours for 7 days.` */
export function dosageSentence(dose: Spoken): string {
  const { verb, where } = dosageRoutes[dose.route];
  const most = dose.asNeededFor === undefined ? '' : 'at most';
  const reason = dose.asNeededFor === undefined ? '' : `when needed for ${dose.asNeededFor.replace(/^for /i, '')}`;
  const duration =
    dose.durationDays === undefined
      ? ''
      : `for ${numberText(dose.durationDays)} ${dose.durationDays === 1 ? 'day' : 'days'}`;
  const words = [verb, amountText(dose.amount, dose.unit), where, reason, most, frequencyText(dose), duration];
  return `${words.filter((word) => word !== '').join(' ')}.`;
}

const spokenIn: Record<Language, (said: Spoken) => string> = {
  en: dosageSentence,
  de: germanSentence,
  fr: frenchSentence,
  es: spanishSentence,
};

/** The sentence in a language: `Nehmen Sie alle 12 Stunden 1 Tablette ein, 7 Tage lang.` */
export const sentenceIn = (language: Language, said: Spoken): string => spokenIn[language](said);

/** The sentence that the patient reads, as it was signed, and its language. */
export function patientSentenceOf({ text, _text }: Dosage): { language: Language; text: string } {
  const [language, content] = _text?.extension[0].extension ?? [];
  if (language === undefined || content === undefined) return { language: 'en', text };
  return { language: language.valueCode, text: content.valueString };
}

/** The structured Dosage with its sentence, in the patient's language too. Throws a ZodError for impossible numbers. */
export function buildDosage(dose: DoseInstruction, language: Language = 'en'): Dosage {
  const { code, display } = dosageRoutes[dose.route];
  const { durationDays } = dose;
  return dosage.parse({
    text: dosageSentence(dose),
    ...(language !== 'en' && {
      _text: {
        extension: [
          {
            url: translationUrl,
            extension: [
              { url: 'lang', valueCode: language },
              { url: 'content', valueString: sentenceIn(language, dose) },
            ],
          },
        ],
      },
    }),
    ...(dose.note === undefined || dose.note.trim() === '' ? {} : { patientInstruction: dose.note.trim() }),
    timing: {
      repeat: {
        frequency: dose.frequency,
        period: dose.period,
        periodUnit: dose.periodUnit,
        ...(durationDays === undefined
          ? {}
          : {
              boundsDuration: {
                value: durationDays,
                unit: durationDays === 1 ? 'day' : 'days',
                system: systems.ucum,
                code: 'd',
              },
            }),
      },
    },
    ...(dose.asNeededFor === undefined ? {} : { asNeededCodeableConcept: { text: dose.asNeededFor } }),
    route: { coding: [{ system: systems.snomed, code, display }], text: display },
    doseAndRate: [{ doseQuantity: unitQuantity(dose.amount, dose.unit) }],
  });
}

const routeOf = (code: string | undefined): DosageRoute | undefined =>
  spokenRoutes.find((route) => dosageRoutes[route].code === code);

/** The instruction that a Dosage was built from; undefined where it names another route than Medloom's. */
export function doseOf({ timing, route, doseAndRate: [rate], ...more }: Dosage): DoseInstruction | undefined {
  const way = routeOf(route.coding?.[0]?.code);
  if (way === undefined || rate === undefined) return undefined;
  const { boundsDuration, ...often } = timing.repeat;
  const { value: amount, unit } = rate.doseQuantity;
  return {
    ...{ amount, unit, route: way, ...often },
    ...(boundsDuration !== undefined && { durationDays: boundsDuration.value }),
    ...(more.asNeededCodeableConcept?.text !== undefined && { asNeededFor: more.asNeededCodeableConcept.text }),
    ...(more.patientInstruction !== undefined && { note: more.patientInstruction }),
  };
}

/**
 * What the structure of a dosage says in the language of each of its signed sentences, for those that say something else: nobody
 * but their author made them. Without a sentence of ours to compare with (`anew` is undefined), it strays too.
 */
export function strayingSentences(signed: Dosage): { language: Language; text: string; anew: string | undefined }[] {
  const dose = doseOf(signed);
  const own = patientSentenceOf(signed);
  const sentences = [{ language: 'en' as const, text: signed.text }, ...(own.language === 'en' ? [] : [own])];
  return sentences.flatMap(({ language, text }) => {
    const anew = dose && sentenceIn(language, dose);
    return anew === text ? [] : [{ language, text, anew }];
  });
}

const daysOf = { h: 1 / 24, d: 1, wk: 7, mo: 30 } as const;

/** Doses in `days`: the first is taken at once, so a week's tablet for ten days makes two. */
export function dosesIn(dose: Pick<DoseInstruction, 'frequency' | 'period' | 'periodUnit'>, days: number): number {
  const periods = days / (dose.period * daysOf[dose.periodUnit]);
  return Math.ceil(Number((periods * dose.frequency).toFixed(6)));
}

/** Whole units that the instruction needs, rounded up, since a half tablet is dispensed as a whole one. */
export function quantityFor(dose: DoseInstruction): number | undefined {
  if (dose.durationDays === undefined) return undefined;
  return Math.ceil(Number((dose.amount * dosesIn(dose, dose.durationDays)).toFixed(6)));
}
