import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateOf, dayOf } from './date.ts';
import { faultOf } from './testing/fault.ts';

test.each([
  // GS1 General Specifications, section 7.12: 51 years and more ahead is last century, 50 and more back is next.
  ['290131', 2026, '2029-01-31'],
  ['760131', 2026, '2076-01-31'],
  ['770131', 2026, '1977-01-31'],
  ['500131', 2000, '2050-01-31'],
  ['510131', 2000, '1951-01-31'],
  ['490131', 2099, '2149-01-31'],
  ['500131', 2099, '2050-01-31'],
  ['000229', 2026, '2000-02-29'],
  ['290200', 2026, '2029-02-28'],
  ['280200', 2026, '2028-02-29'],
  ['291200', 2026, '2029-12-31'],
])('%s read in %i is %s', (text, year, day) => {
  expect(dayOf(text, year)).toBe(day);
});

test('a day comes back from the six digits of it, near enough to this year', () => {
  const days = fc.date({ min: new Date('1977-01-01'), max: new Date('2076-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(days, (date) => {
      const day = date.toISOString().slice(0, 10);
      expect(dayOf(dateOf(day), 2026)).toBe(day);
    }),
  );
});

test('what is no date is refused where it is wrong', () => {
  expect(faultOf(() => dayOf('290229'))).toEqual(['The month has no day 29.', 4]);
  expect(faultOf(() => dayOf('290001'))).toEqual(['There is no month 00.', 2]);
  expect(faultOf(() => dayOf('29o101'))).toEqual(['A date has digits only.', 2]);
  expect(faultOf(() => dayOf('2901'))).toEqual(['A date has six digits: year, month, day.', 4]);
  expect(() => dateOf('2029-13-01')).toThrow(RangeError);
  expect(() => dateOf('2029-02-30')).toThrow(RangeError);
});
