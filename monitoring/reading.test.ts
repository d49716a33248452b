import { describe, expect, test } from 'vitest';
import { measureNames, measures } from './catalogue.ts';
import { flags, ofWire, type Reading, ReadingError, toWire } from './reading.ts';

const from = Date.UTC(2026, 5, 1, 8);
const reading = (measure: Reading['measure'], ...values: number[]): Reading => ({
  ...{ at: from + 1500, measure, values, flags: 0 },
});
const faultOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof ReadingError) return error.code;
    throw error;
  }
  return undefined;
};

describe('readings on the wire', () => {
  test('every code of the catalogue stands for one measure', () => {
    expect(new Set(measureNames.map((name) => measures[name].code)).size).toBe(measureNames.length);
    expect([...measureNames].sort()).toEqual(Object.keys(measures).sort());
  });

  test.each([
    [reading('heartRate', 72), [1500, 1, 72]],
    [reading('temperature', 36.6), [1500, 7, 366]],
    [reading('oxygenFlow', 0), [1500, 4, 0]],
    [reading('bloodPressure', 121, 79), [1500, 6, [121, 79]]],
    [reading('fall', 1), [1500, 11, 1]],
    [reading('ecg', 250, -12, 40, 900), [1500, 10, [250, -12, 40, 900]]],
    [{ ...reading('weight', 81.4), flags: flags.entered }, [1500, 9, 814, 1]],
  ] as const)('%o is read as it was written', (given, wire) => {
    expect(toWire(given, from)).toEqual(wire);
    expect(ofWire(toWire(given, from), from)).toEqual(given);
  });

  test('what no living person has is refused, on both sides', () => {
    for (const given of [
      ...[reading('heartRate', 0), reading('saturation', 101), reading('temperature', 98.6), reading('weight', -2)],
      ...[reading('bloodPressure', 80, 120), reading('consciousness', 5), reading('heartRate', Number.NaN)],
    ]) {
      expect(faultOf(() => toWire(given, from))).toBe('IMPOSSIBLE_VALUE');
    }
    expect(faultOf(() => ofWire([0, 1, 900], from))).toBe('IMPOSSIBLE_VALUE');
    expect(faultOf(() => ofWire([0, 10, [20, 1, 2]], from))).toBe('IMPOSSIBLE_VALUE');
  });

  test('what is no reading is refused', () => {
    const strange = [
      'x',
      null,
      [],
      [0, 1],
      [0, 1, 72.5],
      [-1, 1, 72],
      [0, 1, 72, 0, 0],
      [0, 1, '72'],
      [0, 1, [72, 73]],
    ];
    for (const wire of [...strange, [0, 1, 72, 8], [0, 1, 72, -1], [0, 11, 2]]) {
      expect(faultOf(() => ofWire(wire, from))).toBe('SHAPE');
    }
    expect(faultOf(() => ofWire([0, 99, 1], from))).toBe('UNKNOWN_MEASURE');
    expect(faultOf(() => toWire(reading('heartRate', 72), from + 2000))).toBe('SHAPE');
  });
});
