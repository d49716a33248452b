import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amountText,
  buildDosage,
  type Dosage,
  type DoseInstruction,
  dosage,
  dosageRoutes,
  dosageSentence,
  dosesIn,
  patientSentenceOf,
  quantityFor,
  strayingSentences,
} from './dosage.ts';
import { languages } from './sentence/language.ts';

const base: DoseInstruction = {
  amount: 1,
  unit: 'tablet',
  route: 'oral',
  frequency: 2,
  period: 1,
  periodUnit: 'd',
  durationDays: 7,
};

describe('the plain sentence', () => {
  const sentences: [string, Partial<DoseInstruction>][] = [
    ['Take 1 tablet by mouth every 12 hours for 7 days.', {}],
    ['Take 2 tablets by mouth once a day for 1 day.', { amount: 2, frequency: 1, durationDays: 1 }],
    ['Take half a tablet by mouth every 8 hours for 7 days.', { amount: 0.5, frequency: 3 }],
    ['Take 2.5 mL by mouth every 6 hours for 10 days.', { amount: 2.5, unit: 'mL', frequency: 4, durationDays: 10 }],
    ['Take 1 tablet by mouth 5 times a day for 7 days.', { frequency: 5 }],
    ['Take 1 tablet by mouth once a week for 28 days.', { frequency: 1, periodUnit: 'wk', durationDays: 28 }],
    ['Take 1 tablet by mouth every 2 days for 7 days.', { frequency: 1, period: 2 }],
    ['Take 1 tablet by mouth every 4 hours for 7 days.', { frequency: 1, period: 4, periodUnit: 'h' }],
    ['Take 1 tablet by mouth every hour for 7 days.', { frequency: 1, periodUnit: 'h' }],
    ['Take 1 tablet by mouth twice a week for 7 days.', { periodUnit: 'wk' }],
    ['Inhale 2 puffs every 12 hours.', { amount: 2, unit: 'puff', route: 'inhalation', durationDays: undefined }],
    [
      'Apply 2 patches to the skin once a week for 28 days.',
      { amount: 2, unit: 'patch', route: 'transdermal', frequency: 1, periodUnit: 'wk', durationDays: 28 },
    ],
    [
      'Take 1 tablet by mouth when needed for pain at most every 6 hours for 7 days.',
      { frequency: 4, asNeededFor: 'for pain' },
    ],
    [
      'Inject 1,000 units under the skin once a day for 7 days.',
      { amount: 1000, unit: 'unit', route: 'subcutaneous', frequency: 1 },
    ],
  ];
  it.each(sentences)('%s', (sentence, change) => {
    expect(dosageSentence({ ...base, ...change })).toBe(sentence);
  });

  it('counts units in the plural', () => {
    expect([amountText(2, 'suppository'), amountText(1, 'pessary'), amountText(3, 'spray')]).toEqual([
      '2 suppositories',
      '1 pessary',
      '3 sprays',
    ]);
  });
});

describe('the structured dosage', () => {
  it('says the same as the sentence', () => {
    expect(buildDosage({ ...base, note: '  With food. ' })).toEqual({
      text: 'Take 1 tablet by mouth every 12 hours for 7 days.',
      patientInstruction: 'With food.',
      timing: {
        repeat: {
          frequency: 2,
          period: 1,
          periodUnit: 'd',
          boundsDuration: { value: 7, unit: 'days', system: 'http://unitsofmeasure.org', code: 'd' },
        },
      },
      route: {
        coding: [{ system: 'http://snomed.info/sct', code: '26643006', display: 'Oral route' }],
        text: 'Oral route',
      },
      doseAndRate: [
        { doseQuantity: { value: 1, unit: 'tablet', system: 'http://unitsofmeasure.org', code: '{tablet}' } },
      ],
    });
  });

  it('takes every route', () => {
    for (const route of Object.keys(dosageRoutes) as (keyof typeof dosageRoutes)[]) {
      expect(dosage.safeParse(buildDosage({ ...base, route })).success).toBe(true);
    }
  });

  it.each([
    ['no amount', { amount: 0 }],
    ['a negative amount', { amount: -1 }],
    ['not a number', { amount: Number.NaN }],
    ['half a time', { frequency: 1.5 }],
    ['no time', { frequency: 0 }],
    ['a negative duration', { durationDays: -7 }],
    ['control characters', { note: 'a\u0000b' }],
    ['too much text', { note: 'x'.repeat(2001) }],
  ])('refuses %s', (_, change) => {
    expect(() => buildDosage({ ...base, ...change })).toThrow();
  });
});

describe('the signed sentences', () => {
  const german = buildDosage(base, 'de');
  const [translation] = german._text?.extension ?? [];
  if (translation === undefined) throw new Error('no translation');
  const [lang] = translation.extension;
  const translated = (valueString: string): Dosage => ({
    ...german,
    _text: { extension: [{ ...translation, extension: [lang, { url: 'content', valueString }] }] },
  });

  it.each(languages)('are those that the structure makes, in %s', (language) => {
    expect(strayingSentences(buildDosage({ ...base, note: 'With food.' }, language))).toEqual([]);
  });

  it('stray where a translation says another dose, or another sentence', () => {
    const [own] = strayingSentences(translated(patientSentenceOf(german).text.replace('1 Tablette', '2 Tabletten')));
    expect(own).toMatchObject({ language: 'de', anew: patientSentenceOf(german).text });
    expect(own?.text).toContain('2 Tabletten');
    expect(strayingSentences({ ...german, text: 'Take 3 tablets.' }).map(({ language }) => language)).toEqual(['en']);
  });

  it('stray where the structure is not one that sentences are made of', () => {
    const elsewhere = { ...german, route: { text: 'As told' } };
    expect(strayingSentences(elsewhere).map(({ language, anew }) => [language, anew])).toEqual([
      ['en', undefined],
      ['de', undefined],
    ]);
  });
});

describe('the quantity', () => {
  it.each([
    [14, {}],
    [4, { amount: 0.5, frequency: 1 }],
    [3, { amount: 0.1, frequency: 3, durationDays: 10 }],
    [4, { frequency: 1, periodUnit: 'wk' as const, durationDays: 28 }],
    [2, { frequency: 1, periodUnit: 'wk' as const, durationDays: 10 }],
    [42, { frequency: 1, period: 4, periodUnit: 'h' as const }],
    [undefined, { durationDays: undefined }],
  ])('is %s for %j', (expected, change) => {
    expect(quantityFor({ ...base, ...change })).toBe(expected);
  });

  it('is enough, and less than one unit too much', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 365 }),
        (thousandths, frequency, durationDays) => {
          const dose = { ...base, amount: thousandths / 1000, frequency, durationDays };
          const needed = (thousandths * dosesIn(dose, durationDays)) / 1000;
          const quantity = quantityFor(dose) ?? 0;
          expect(quantity).toBeGreaterThanOrEqual(needed - 1e-6);
          expect(quantity).toBeLessThan(needed + 1);
        },
      ),
    );
  });
});
