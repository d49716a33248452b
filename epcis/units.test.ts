import { expect, test } from 'vitest';
import { celsius, convert, unitFits, unitsLike } from './units.ts';

test.each([
  [5, 'CEL', 5],
  [41, 'FAH', 5],
  [278.15, 'KEL', 5],
  [-40, 'FAH', -40],
  [35.6, 'FAH', 2],
  [46.4, 'FAH', 8],
  [275.15, 'KEL', 2],
  [281.15, 'KEL', 8],
  [0, 'KEL', -273.15],
])('%d %s are %d degrees Celsius', (value, uom, expected) => {
  expect(celsius(value, uom)).toBe(expected);
});

test('only what measures the same is converted', () => {
  expect(convert(36, 'KMH', 'MTS')).toBe(10);
  expect(convert(1.5, 'BAR', 'KPA')).toBe(150);
  expect(convert(55, 'P1', 'C62')).toBe(0.55);
  expect(convert(1, 'KGM', 'CEL')).toBeUndefined();
  expect(celsius(5, 'XYZ')).toBeUndefined();
});

test('a unit of another measurement does not fit, an unknown one only for temperatures', () => {
  expect(unitFits('Temperature', 'FAH')).toBe(true);
  expect(unitFits('Temperature', 'XYZ')).toBe(false);
  expect(unitFits('Mass', 'CEL')).toBe(false);
  expect(unitFits('Mass', 'XYZ')).toBe(true);
  expect(unitFits('AbsorbedDose', 'A95')).toBe(true);
});

test('units that measure the same are known of each', () => {
  expect(Object.keys(unitsLike('CEL')).sort()).toEqual(['CEL', 'FAH', 'KEL']);
  expect(unitsLike('XYZ')).toEqual({});
});
