import { expect, test } from 'vitest';
import { isGtin, parseGtin } from './gtin.ts';
import { faultOf } from './testing/fault.ts';

test('GTINs of every length are the same 14 digits', () => {
  expect(parseGtin('95012346')).toBe('00000095012346');
  expect(parseGtin('012345678905')).toBe('00012345678905');
  expect(parseGtin('9506000134352')).toBe('09506000134352');
  expect(parseGtin('04012345678901')).toBe('04012345678901');
});

test('other lengths, letters and wrong digits are refused at their character', () => {
  expect(faultOf(() => parseGtin('0401234567890'))).toEqual(['The check digit should be 3, not 0.', 12]);
  expect(faultOf(() => parseGtin('0401234567'))).toEqual(['A GTIN has 8, 12, 13 or 14 digits, not 10.', 10]);
  expect(faultOf(() => parseGtin('0401234567890123'))).toEqual(['A GTIN has 8, 12, 13 or 14 digits, not 16.', 14]);
  expect(faultOf(() => parseGtin('04o12345678901'))).toEqual(['A GTIN has digits only.', 2]);
  expect(faultOf(() => parseGtin(''))).toEqual(['A GTIN has 8, 12, 13 or 14 digits, not 0.', 0]);
  expect(faultOf(() => parseGtin('40012345678901'))).toEqual(['The check digit should be 3, not 1.', 13]);
});

test.each(['04012345678901', '9506000134352', '6291041500213', '73513537'])('%s is a GTIN', (text) => {
  expect(isGtin(text)).toBe(true);
});

test.each(['09506000134353', '0950600013435', '', '0950600013435x', '123456789', '40012345678901'])(
  '%s is none',
  (text) => {
    expect(isGtin(text)).toBe(false);
  },
);
