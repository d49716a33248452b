import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { products } from '#formulary/products.ts';
import { buildDosage, type DoseInstruction, dosageRoutes, doseOf, sentenceIn } from '../dosage.ts';
import { type Language, languageOfTag, languages } from './language.ts';

const base: DoseInstruction = {
  ...{ amount: 1, unit: 'tablet', route: 'oral', frequency: 2, period: 1, periodUnit: 'd', durationDays: 7 },
};

const locales: Record<Language, string> = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' };
/** Words that stand for a number. */
const numberWords: Record<Language, Record<number, string>> = {
  en: { 0.5: 'half', 1: '(?:once|every (?:hour|day|week|month)|a day|1)', 2: '(?:twice|2)' },
  de: { 0.5: '½', 1: '(?:jede|1)' },
  fr: { 0.5: '½', 1: '(?:toutes les heures|1)' },
  es: { 0.5: '½', 1: '(?:cada hora|1)' },
};
/** The beginning of each unit's word, which one and many share. */
const unitWords: Record<Language, Record<string, string>> = {
  en: { suppository: 'suppositor', pessary: 'pessar' },
  de: {
    ...{ tablet: 'Tablette', capsule: 'Kapsel', drop: 'Tropfen', mL: 'ml', sachet: 'Beutel', spray: 'Sprühst' },
    ...{ suppository: 'Zäpfchen', pessary: 'Vaginalzäpfchen', g: 'g', patch: 'Pflaster', puff: 'H(?:ub|übe)' },
    ...{ unit: 'Einheit', syringe: 'Fertigspritze', injection: 'Injektion', vial: 'Durchstech', ampoule: 'Ampulle' },
  },
  fr: {
    ...{ tablet: 'comprimé', capsule: 'gélule', drop: 'goutte', mL: 'ml', sachet: 'sachet', spray: 'pulvérisation' },
    ...{ suppository: 'suppositoire', pessary: 'ovule', g: 'g', patch: 'patch', puff: 'bouffée', unit: 'unité' },
    ...{ syringe: 'seringue', injection: 'injection', vial: 'flacon', ampoule: 'ampoule' },
  },
  es: {
    ...{ tablet: 'comprimido', capsule: 'cápsula', drop: 'gota', mL: 'ml', sachet: 'sobre', spray: 'pulverizaci' },
    ...{ suppository: 'supositorio', pessary: 'óvulo', g: 'g', patch: 'parche', puff: 'pulsaci', unit: 'unidad' },
    ...{ syringe: 'jeringa', injection: 'inyecci', vial: 'vial', ampoule: 'ampolla' },
  },
};

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const numberPattern = (language: Language, value: number) => {
  const written = escaped(new Intl.NumberFormat(locales[language], { maximumFractionDigits: 3 }).format(value));
  const word = numberWords[language][value];
  return word === undefined ? `(?<![\\d.,])${written}(?![\\d])` : `(?:${word}|(?<![\\d.,])${written}(?![\\d]))`;
};

/** What must be found in the sentence: each number of the dose, and the unit beside its amount. */
function patternsOf(language: Language, dose: DoseInstruction): string[] {
  const { amount, unit, frequency, period, periodUnit, durationDays } = dose;
  const word = unitWords[language][unit] ?? unit;
  const evenly = periodUnit === 'd' && period === 1 && frequency > 1 && frequency <= 4;
  const often = evenly ? [24 / frequency] : [frequency, period].filter((value) => value !== 1);
  return [
    `${numberPattern(language, amount)} (?:an? )?${word}`,
    ...often.map((value) => numberPattern(language, value)),
    ...(durationDays === undefined ? [] : [numberPattern(language, durationDays)]),
  ];
}

const units = [...new Set(products.map(({ unit }) => unit))];
const routes = Object.keys(dosageRoutes) as DoseInstruction['route'][];
const anyDose: fc.Arbitrary<DoseInstruction> = fc.record(
  {
    amount: fc.integer({ min: 1, max: 5_000_000 }).map((thousandths) => thousandths / 1000),
    unit: fc.constantFrom(...units),
    route: fc.constantFrom(...routes),
    frequency: fc.integer({ min: 1, max: 96 }),
    period: fc.integer({ min: 1, max: 90 }),
    periodUnit: fc.constantFrom('h' as const, 'd' as const, 'wk' as const, 'mo' as const),
    durationDays: fc.integer({ min: 1, max: 365 }),
    asNeededFor: fc.constantFrom('for pain', 'itching'),
  },
  { requiredKeys: ['amount', 'unit', 'route', 'frequency', 'period', 'periodUnit'] },
);

describe('the sentence in a language', () => {
  it.each<[Language, string, Partial<DoseInstruction>]>([
    ['de', 'Nehmen Sie alle 12 Stunden 1 Tablette ein, 7 Tage lang.', {}],
    [
      'de',
      'Nehmen Sie bei Bedarf (pain) höchstens alle 6 Stunden ½ Tablette ein, 1 Tag lang.',
      { frequency: 4, amount: 0.5, asNeededFor: 'for pain', durationDays: 1 },
    ],
    [
      'de',
      'Geben Sie 1-mal täglich 2 Tropfen ins Auge, 7 Tage lang.',
      { frequency: 1, amount: 2, unit: 'drop', route: 'ocular' },
    ],
    [
      'de',
      'Spritzen Sie 1-mal täglich 1.000 Einheiten unter die Haut, 7 Tage lang.',
      { frequency: 1, amount: 1000, unit: 'unit', route: 'subcutaneous' },
    ],
    ['fr', 'Prenez 1 comprimé par voie orale toutes les 12 heures pendant 7 jours.', {}],
    [
      'fr',
      'Prenez 1,5 comprimé par voie orale tous les 2 jours pendant 7 jours.',
      { amount: 1.5, frequency: 1, period: 2 },
    ],
    ['es', 'Tome 1 comprimido por vía oral cada 12 horas durante 7 días.', {}],
    [
      'es',
      'Tome 2,5 ml por vía oral 1 vez a la semana durante 28 días.',
      { amount: 2.5, unit: 'mL', frequency: 1, periodUnit: 'wk', durationDays: 28 },
    ],
    ['en', 'Take 1 tablet by mouth every 12 hours for 7 days.', {}],
  ])('%s: %s', (language, sentence, change) => {
    expect(sentenceIn(language, { ...base, ...change })).toBe(sentence);
  });

  it.each(languages)('has every number and the unit of the dose, in %s', (language) => {
    fc.assert(
      fc.property(anyDose, (dose) => {
        const sentence = sentenceIn(language, dose);
        for (const pattern of patternsOf(language, dose)) expect(sentence).toMatch(new RegExp(pattern));
        if (dose.asNeededFor) expect(sentence).toContain(dose.asNeededFor.replace('for ', ''));
      }),
      { numRuns: 300 },
    );
  });

  it.each(languages)('is another for another dose, in %s', (language) => {
    // Twice a day and every 12 hours are the same dose; so are a period that a day divides and its hours.
    const told = ({ frequency, period, periodUnit, ...rest }: DoseInstruction) =>
      JSON.stringify(
        periodUnit === 'd' && period === 1 && frequency > 1 && frequency <= 4
          ? { ...rest, frequency: 1, period: 24 / frequency, periodUnit: 'h' }
          : { ...rest, frequency, period, periodUnit },
        ['amount', 'unit', 'route', 'frequency', 'period', 'periodUnit', 'durationDays', 'asNeededFor'],
      );
    fc.assert(
      fc.property(
        anyDose,
        anyDose,
        fc.constantFrom('amount', 'frequency', 'period', 'durationDays'),
        (one, two, what) => {
          const other = { ...one, [what]: two[what as keyof DoseInstruction] };
          fc.pre(told(one) !== told(other));
          expect(sentenceIn(language, one)).not.toBe(sentenceIn(language, other));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a structured dosage', () => {
  it('gives back the instruction that it was built from', () => {
    fc.assert(
      fc.property(anyDose, fc.constantFrom(...languages), (dose, language) => {
        const read = doseOf(buildDosage({ ...dose, amount: Math.min(dose.amount, 1000) }, language));
        expect(read).toEqual({ ...dose, amount: Math.min(dose.amount, 1000) });
      }),
      { numRuns: 200 },
    );
  });
});

describe('a language', () => {
  it('is found by its tag', () => {
    expect(['de-AT', 'FR', 'es-419', 'en', 'pl', undefined].map(languageOfTag)).toEqual([
      ...['de', 'fr', 'es', 'en', undefined, undefined],
    ]);
  });
});
