import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasCheckDigit, readKey, withCheckDigit } from './checkDigit.ts';
import { digits } from './testing/arbitrary.ts';
import { faultOf } from './testing/fault.ts';

test('check digits are those of the published examples', () => {
  // GS1 General Specifications, section 7.9: a GTIN-13 and an SSCC; the Tag Data Standard's GLN.
  expect(withCheckDigit('629104150021')).toBe('6291041500213');
  expect(withCheckDigit('37610425002123456')).toBe('376104250021234569');
  expect(withCheckDigit('061414112345')).toBe('0614141123452');
});

test('one wrong digit never passes', () => {
  fc.assert(
    fc.property(digits(13), fc.nat(13), fc.integer({ min: 1, max: 9 }), (body, index, change) => {
      const good = withCheckDigit(body);
      const bad = [...good].map((digit, at) => (at === index ? (Number(digit) + change) % 10 : digit)).join('');
      expect([hasCheckDigit(good), hasCheckDigit(bad)]).toEqual([true, false]);
    }),
  );
});

test('what is wrong with a key is said at its character', () => {
  expect(faultOf(() => readKey('37610425002123456O', 18, 'An SSCC', 5))).toEqual(['An SSCC has digits only.', 22]);
  expect(faultOf(() => readKey('376', 18, 'An SSCC'))).toEqual(['An SSCC has 18 digits, not 3.', 3]);
  expect(faultOf(() => readKey('376104250021234568', 18, 'An SSCC'))).toEqual([
    'The check digit should be 9, not 8.',
    17,
  ]);
});
