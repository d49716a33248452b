import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { t } from '#messages/en.ts';
import type { Receivables } from '#server/claims/schema.ts';
import { Owed } from './Owed.tsx';

const text = t.billing.owed;
const ages: Receivables['ages'] = [
  { currency: 'EUR', upTo: null, claims: 4, undecided: 1_100, insurer: 2_200, patient: 3_300 },
  { currency: 'EUR', upTo: 30, claims: 3, undecided: 10_000, insurer: 20_000, patient: 30_000 },
];
/** The words of each row, the head of its columns and the sum among them, where nothing hides any of them. */
const rowsOf = (of: Receivables['ages']) =>
  [...renderToStaticMarkup(<Owed receivables={{ ages: of }} />).matchAll(/<tr.*?<\/tr>/g)].map(([row]) =>
    row.split(/<[^>]+>/).flatMap((words) => words.trim() || []),
  );
const row = (name: string, claims: string, ...owed: string[]) => [
  ...[name, text.claims, claims],
  ...[text.insurers, text.patients, text.undecided].flatMap((label, at) => [label, owed[at]]),
];

it('has each value once, beside what it is, and the newest first', () => {
  expect(rowsOf(ages)).toEqual([
    [text.age, text.claims, text.insurers, text.patients, text.undecided],
    row(text.upTo('30'), '3', '€200.00', '€300.00', '€100.00'),
    row(text.older('90'), '4', '€22.00', '€33.00', '€11.00'),
    row(text.total, '7', '€222.00', '€333.00', '€111.00'),
  ]);
});

it('adds up no two currencies', () => {
  const [euros] = ages;
  if (euros === undefined) throw new Error('nothing is owed');
  const totals = rowsOf([...ages, { ...euros, currency: 'CHF' }]).filter(([name]) => name === text.total);
  expect(totals.map(([, , claims]) => claims)).toEqual(['4', '7']);
});
