import { expect, test } from 'vitest';
import type { PlanTerms } from '#monitoring/plan.ts';
import { defaultTerms } from '#monitoring/planDefaults.ts';
import { draftOf, limitDraft, termsOf } from './planDraft.ts';

const terms: PlanTerms = {
  ...defaultTerms(`prac-${'a'.repeat(26)}`),
  news2: { scale: 2, aged16OrMore: true, notPregnant: true, windowSeconds: 3_600, forSeconds: 60 },
  quietHours: { from: '22:00', until: '07:00', timeZone: 'Europe/Berlin', holds: 'urgent' },
};

test('a plan comes out of the form as it went in', () => {
  expect(termsOf(draftOf(terms, 'UTC'))).toEqual({ terms });
  const plain = defaultTerms(terms.responder);
  expect(termsOf(draftOf(plain, 'UTC'))).toEqual({ terms: plain });
});

test('numbers may be written with a comma, and empty fields call nobody', () => {
  const draft = draftOf(terms, 'UTC');
  draft.limits = { temperature: { ...limitDraft(undefined, 'temperature'), high: '38,5' } };
  const found = termsOf(draft);
  expect('terms' in found && found.terms.limits).toEqual({
    temperature: { high: 38.5, hysteresis: 0.2, forSeconds: 0 },
  });
});

test('what is wrong is told where it stands', () => {
  const draft = draftOf(terms, 'UTC');
  draft.limits = { heartRate: { ...limitDraft(), low: '120', high: '60' }, saturation: { ...limitDraft(), low: 'x' } };
  draft.trends = draft.trends.map((trend) => ({ ...trend, key: 7, change: '0' }));
  draft.score = { ...draft.score, notPregnant: false };
  const found = termsOf(draft);
  if ('terms' in found) throw new Error('taken');
  expect(found.faults.limits.saturation).toBe('Write a number.');
  expect(found.faults.trends[7]).toBeDefined();
  expect(found.faults.score).toBeDefined();
  draft.limits = { heartRate: { ...limitDraft(), low: '120', high: '60' } };
  const again = termsOf({ ...draftOf(terms, 'UTC'), limits: draft.limits });
  expect('faults' in again && again.faults.limits.heartRate).toBe('limits rise from critically low to critically high');
});
