import { expect, test } from 'vitest';
import { digestsOf } from '#monitoring/digest.ts';
import { defaultTerms } from '#monitoring/planDefaults.ts';
import type { Reading } from '#monitoring/reading.ts';
import { dayWords } from './dayWords.ts';
import { planSentences } from './planWords.ts';
import { causeWords, scoreWords, valueWords } from './words.ts';

test('values are written with their units', () => {
  expect([valueWords('heartRate', 72), valueWords('saturation', 97), valueWords('temperature', 36.84)]).toEqual([
    ...['72/min', '97 %', '36.8 °C'],
  ]);
  expect([valueWords('oxygenFlow', 0), valueWords('oxygenFlow', 2.5), valueWords('consciousness', 1)]).toEqual([
    ...['room air', '2.5 L/min', 'New confusion'],
  ]);
});

test('an alert says what it is about', () => {
  expect(causeWords({ kind: 'limit', series: 'temperature', side: 'low', value: 34.9, limit: 35.1 })).toBe(
    'Temperature 34.9 °C, below 35.1',
  );
  expect(causeWords({ kind: 'trend', series: 'weight', change: 2.4, seconds: 172_800, value: 82.4 })).toBe(
    'Weight rose by 2.4 kg in 2 days, now 82.4 kg',
  );
  expect(causeWords({ kind: 'missing', measures: ['heartRate', 'bloodPressure'] })).toBe(
    'No readings: heart rate and blood pressure',
  );
  const none = { respiratoryRate: 0, saturation: 0, oxygenFlow: 0, systolic: 0, temperature: 0 } as const;
  const points = { ...none, heartRate: 2, consciousness: 3 } as const;
  expect(causeWords({ kind: 'news2', total: 5, band: 'medium', points })).toBe(
    'NEWS2 5: heart rate 2 and consciousness 3',
  );
});

test('a score that is missing something says what', () => {
  expect(scoreWords({ state: 'incomplete', missing: ['consciousness'], old: ['systolic'] })).toBe(
    'NEWS2 incomplete: consciousness and systolic pressure (too old)',
  );
  expect(scoreWords(undefined)).toBe('NEWS2 is not used');
});

test('a day is told in plain words, and what was outside is not rounded away', () => {
  const at = Date.UTC(2026, 5, 1, 8);
  const rates = Array.from({ length: 1000 }, (_, index) => (index === 500 ? 150 : 60 + (index % 20)));
  const readings: Reading[] = rates.map((rate, index) => ({
    ...{ at: at + index * 60_000, measure: 'heartRate', values: [rate], flags: 0 },
  }));
  const air: Reading = { at, measure: 'oxygenFlow', values: [0], flags: 1 };
  const { limits } = defaultTerms('x');
  expect(dayWords(digestsOf([...readings, air], 'hour', limits), limits)).toEqual([
    {
      ...{ name: 'heartRate', count: 1000, inRange: '99 % of it was in the range that your clinician set.' },
      sentence: 'Your heart beat between 60 and 150 times a minute, about 70 on average.',
    },
    { name: 'oxygenFlow', count: 1, sentence: 'You breathed room air.' },
  ]);
  expect(dayWords([])).toEqual([]);
});

test('a plan reads as what it does', () => {
  const responder = `prac-${'a'.repeat(26)}`;
  const sentences = planSentences(defaultTerms(responder), () => 'Dr Okafor');
  expect(sentences).toContain(
    'Heart rate: urgent when it is above 110/min and critical when it is below 41/min or above 130/min, once it has lasted 1 minute.',
  );
  expect(sentences).toContain('Urgent when weight rises by 2 kg within 3 days.');
  expect(sentences.at(-1)).toContain('Dr Okafor is called.');
});
