import { expect, it } from 'vitest';
import { consentTerms } from '#chaincode/model/consent.ts';
import { emptyTerms, termsOf } from './terms.ts';

const now = new Date('2026-03-15T10:00:00Z');
const grantee = { kind: 'person', id: `prac-${'a'.repeat(26)}` } as const;
const whole = { ...emptyTerms, grantee, categories: ['results' as const] };

it('an empty form says all that it lacks', () => {
  expect(termsOf({ ...emptyTerms, purposes: [], period: 'day' }, now)).toEqual({
    faults: ['who', 'what', 'why', 'day'],
  });
});

it.each(['always', 'month', 'year'] as const)('the period %s makes terms that the ledger takes', (period) => {
  const made = termsOf({ ...whole, period }, now);
  if (!('terms' in made)) throw new Error('no terms');
  expect(consentTerms.parse(made.terms)).toEqual(made.terms);
  expect(made.terms.until === undefined).toBe(period === 'always');
});

it('the last day is whole, and a day that is over is refused', () => {
  const made = termsOf({ ...whole, period: 'day', lastDay: '2026-03-20' }, now);
  if (!('terms' in made)) throw new Error('no terms');
  const end = new Date(made.terms.until ?? '');
  expect([end.getDate(), end.getHours(), end.getMinutes()]).toEqual([20, 23, 59]);
  expect(termsOf({ ...whole, period: 'day', lastDay: '2026-03-10' }, now)).toEqual({ faults: ['day'] });
});

it('what is allowed is allowed at once, also where a clock is behind', () => {
  const made = termsOf(whole, now);
  expect('terms' in made && Date.parse(made.terms.from) < now.getTime()).toBe(true);
});
