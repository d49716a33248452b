import { expect, it } from 'vitest';
import { checkAnswer } from '#connector/testing/fhirAnswers.ts';
import { answeredFhir } from './answered.ts';

it.each([...answeredFhir(new Date('2026-11-27T08:00:00Z'))])('%s has the shape of FHIR R4', (_name, resource) => {
  expect(checkAnswer(JSON.parse(JSON.stringify(resource)))).toBeTruthy();
});
