import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fnc1, parseElements, writeBracketed, writeElements } from './elementString.ts';
import { elements } from './testing/arbitrary.ts';
import { faultOf } from './testing/fault.ts';

const pack = [
  ['01', '09506000134352'],
  ['17', '290131'],
  ['10', 'A1'],
  ['21', 'X(7)'],
] as const;
const sent = `010950600013435217290131${'10A1'}${fnc1}21X(7)`;

test('FNC1 ends what has no length of its own, unless it is last', () => {
  expect(writeElements(new Map(pack))).toBe(sent);
  expect([...parseElements(sent)]).toEqual(pack);
});

test.each([`]d2${sent}`, `]C1${sent}`, `]Q3${sent}`, `${fnc1}${sent}`, `]d2${fnc1}${sent}`, `${sent}${fnc1}`])(
  'scanners send the same as %j',
  (code) => {
    expect([...parseElements(code)]).toEqual(pack);
  },
);

test('a separator behind an element that needs none is allowed', () => {
  const code = `0109506000134352${fnc1}17290131${fnc1}10A1${fnc1}21X(7)`;
  expect([...parseElements(code)]).toEqual(pack);
});

test('people read brackets', () => {
  expect(writeBracketed(new Map(pack))).toBe('(01)09506000134352(17)290131(10)A1(21)X\\(7)');
  expect([...parseElements('(01)09506000134352(17)290131(10)A1(21)X\\(7)')]).toEqual(pack);
});

test('elements come back from both forms', () => {
  fc.assert(
    fc.property(elements, (map) => {
      const entries = [...map];
      expect([...parseElements(writeElements(map))]).toEqual(entries);
      expect([...parseElements(`]d2${writeElements(map)}`)]).toEqual(entries);
      expect([...parseElements(writeBracketed(map))]).toEqual(entries);
    }),
    { numRuns: 500 },
  );
});

test('anything at all is read or refused at one of its characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789(])\\d2A', fnc1) }), (code) => {
      let fault: [string, number] | undefined;
      try {
        fault = faultOf(() => parseElements(code));
      } catch (cause) {
        expect(cause).toEqual(new Error('nothing was refused'));
      }
      if (fault === undefined) return;
      expect(fault[1]).toBeGreaterThanOrEqual(0);
      expect(fault[1]).toBeLessThanOrEqual(code.length);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['', 'The code is empty.', 0],
  [']d2', 'The code is empty.', 3],
  ['99abc', 'No application identifier that is known here begins with 99.', 0],
  [']d20109506000134353', 'The check digit should be 2, not 3.', 18],
  ['010950600013435', 'A GTIN has 14 digits in a code, not 13.', 15],
  ['01095060001343', 'A GTIN has 14 digits in a code, not 12.', 14],
  ['0109506000134352zz', 'An application identifier of two to four digits is due here.', 16],
  ['010950600013435217291331', 'There is no month 13.', 20],
  ['010950600013435217290230', 'The month has no day 30.', 22],
  ['01095060001343521729013', 'An expiry date has six digits: year, month, day.', 23],
  ['2112345678901234567890123', 'A serial number has at most 20 characters.', 22],
  [`21${fnc1}10A`, 'A serial number is missing.', 2],
  [`21a b`, expect.stringContaining('A serial number has only'), 3],
  [`21a${fnc1}21b`, '(21) stands twice.', 4],
  [`21a${fnc1}${fnc1}10b`, 'An application identifier of two to four digits is due here.', 4],
  ['3012x', expect.stringContaining('A number of items has only digits'), 4],
  ['703012A', "An approval number's country has digits only.", 6],
  ['7030276', 'An approval number is missing.', 7],
  ['310601234', 'No application identifier that is known here begins with 3106.', 0],
  ['3103 12345', 'A net weight has digits only.', 4],
  ['(01)09506000134352x(21)1', 'A GTIN has 14 digits, not 15.', 18],
  ['(01)09506000134352(2)1', 'An application identifier in brackets is due here.', 18],
  ['(99)1', 'No application identifier that is known here begins with 99.', 1],
  ['(210)1', '(210) is no application identifier that is known here.', 1],
  ['(21)A\\B', 'A \\ stands before a bracket that is part of a value only.', 5],
  ['(21)A\\( ', expect.stringContaining('A serial number has only'), 7],
  ['(21)A(10B', 'An application identifier in brackets is due here.', 5],
])('%j is refused: %s at %i', (code, message, position) => {
  expect(faultOf(() => parseElements(code))).toEqual([message, position]);
});

test('nothing wrong is written', () => {
  expect(faultOf(() => writeElements(new Map([['01', '1']])))).toEqual(['A GTIN has 14 digits in a code, not 1.', 1]);
  expect(faultOf(() => writeBracketed(new Map([['99', '1']])))[0]).toContain('(99) is no application identifier');
});
