import { expect, it } from 'vitest';
import { buildDosage } from '#fhir/dosage.ts';
import { preferredLanguage, sentenceFor } from './spoken.ts';

const dose = {
  amount: 1,
  unit: 'tablet',
  route: 'oral',
  frequency: 2,
  period: 1,
  periodUnit: 'd',
  durationDays: 7,
} as const;

it('says the signed sentence in its own language, and the signed dosage in another', () => {
  const signed = buildDosage(dose, 'de');
  expect(sentenceFor(signed, 'en')).toEqual({ language: 'en', text: signed.text });
  expect(sentenceFor(signed, 'de').text).toContain('Tablette');
  expect(sentenceFor(buildDosage(dose), 'de')).toEqual(sentenceFor(signed, 'de'));
  expect(sentenceFor(signed, 'fr').text).toContain('7');
});

it('takes the first language of the browser that it knows', () => {
  expect(preferredLanguage(['pt-BR', 'de-AT', 'en'])).toBe('de');
  expect(preferredLanguage(['pt'])).toBe('en');
});
