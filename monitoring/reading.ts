import { type MeasureName, measureOfCode, measures, series, seriesOf, strip } from './catalogue.ts';

/** What is known of how a value came about, as bits of one number. */
export const flags = {
  /** Somebody typed it. */
  entered: 1,
  /** The sensor doubts it (loose probe, movement): kept and drawn, but nothing is judged by it. */
  poorSignal: 2,
  /** The device's clock was found wrong when it was taken. */
  clockUnsure: 4,
} as const;
const everyFlag = flags.entered | flags.poorSignal | flags.clockUnsure;

/** One reading. `values` in the units of the catalogue: one number for each series of the measure. */
export interface Reading {
  /** Milliseconds since 1970. */
  at: number;
  measure: MeasureName;
  values: readonly number[];
  /** `flags`, or 0. */
  flags: number;
}

/** On the wire: `[ms after the frame's start, measure code, steps | [steps…], flags?]`, all whole numbers. */
export type WireReading =
  | readonly [number, number, number | readonly number[]]
  | readonly [number, number, number | readonly number[], number];

export type ReadingFault = 'SHAPE' | 'UNKNOWN_MEASURE' | 'IMPOSSIBLE_VALUE';
export class ReadingError extends Error {
  override readonly name = 'ReadingError';
  readonly code: ReadingFault;
  constructor(code: ReadingFault, message: string) {
    super(message);
    this.code = code;
  }
}

export const isJudged = (reading: Reading): boolean => (reading.flags & flags.poorSignal) === 0;

/** Why values cannot be of a living person, or cannot be read; undefined where they are fine. */
export function faultOf({ measure, values, flags: set }: Omit<Reading, 'at'>): ReadingError | undefined {
  if (!Number.isInteger(set) || set < 0 || set > everyFlag) return new ReadingError('SHAPE', 'flags are not known');
  const { kind } = measures[measure];
  if (kind === 'event') {
    return values.length === 1 && values[0] === 1 ? undefined : new ReadingError('SHAPE', 'an event is the number 1');
  }
  if (kind === 'strip') return stripFault(values);
  const names = seriesOf(measure);
  if (values.length !== names.length) return new ReadingError('SHAPE', `${measure} has ${names.length} values`);
  for (const [index, name] of names.entries()) {
    const value = values[index];
    const { lowest, highest } = series[name];
    if (value === undefined || !(value >= lowest && value <= highest)) {
      return new ReadingError('IMPOSSIBLE_VALUE', `${name} lies between ${lowest} and ${highest}`);
    }
  }
  const [first, second] = values;
  if (measure === 'bloodPressure' && first !== undefined && second !== undefined && second >= first) {
    return new ReadingError('IMPOSSIBLE_VALUE', 'the diastolic pressure lies below the systolic');
  }
  return undefined;
}

function stripFault([rate, ...samples]: readonly number[]): ReadingError | undefined {
  if (rate === undefined || !(rate >= strip.slowest && rate <= strip.fastest)) {
    return new ReadingError('IMPOSSIBLE_VALUE', `a strip has ${strip.slowest} to ${strip.fastest} samples a second`);
  }
  if (samples.length === 0 || samples.length > strip.mostSamples) {
    return new ReadingError('SHAPE', `a strip has up to ${strip.mostSamples} samples`);
  }
  if (!samples.every((sample) => Math.abs(sample) <= strip.microvolts)) {
    return new ReadingError('IMPOSSIBLE_VALUE', `a sample has up to ${strip.microvolts} microvolts`);
  }
  return undefined;
}

/** The wire's form; throws `ReadingError` for what no device may send. Values are rounded to their series' steps. */
export function toWire(reading: Reading, from: number): WireReading {
  const steps = reading.values.map((value, index) => Math.round(value * scaleOf(reading.measure, index)));
  const fault = faultOf({ ...reading, values: unscaled(reading.measure, steps) });
  if (fault !== undefined) throw fault;
  const after = reading.at - from;
  if (!Number.isSafeInteger(after) || after < 0) throw new ReadingError('SHAPE', 'a reading lies within its frame');
  const [only] = steps;
  const value = steps.length === 1 && only !== undefined ? only : steps;
  const { code } = measures[reading.measure];
  return reading.flags === 0 ? [after, code, value] : [after, code, value, reading.flags];
}

/** A reading of the wire's form, whatever came; throws `ReadingError`. `from`: the frame's start in milliseconds. */
export function ofWire(wire: unknown, from: number): Reading {
  if (!Array.isArray(wire) || wire.length < 3 || wire.length > 4) throw new ReadingError('SHAPE', 'not a reading');
  const [after, code, value, set]: unknown[] = wire;
  if (!isWhole(after) || after < 0 || !isWhole(code)) throw new ReadingError('SHAPE', 'not a reading');
  const measure = measureOfCode(code);
  if (measure === undefined) throw new ReadingError('UNKNOWN_MEASURE', `there is no measure ${code}`);
  const steps: unknown[] = Array.isArray(value) ? value : [value];
  if (!steps.every(isWhole)) throw new ReadingError('SHAPE', 'values are whole numbers');
  if (set !== undefined && !isWhole(set)) throw new ReadingError('SHAPE', 'flags are a whole number');
  const reading = { at: from + after, measure, values: unscaled(measure, steps), flags: set ?? 0 };
  const fault = faultOf(reading);
  if (fault !== undefined) throw fault;
  return reading;
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

/** Steps in one unit, for the value at a place of a measure's reading. */
function scaleOf(measure: MeasureName, index: number): number {
  const name = seriesOf(measure)[index];
  return name === undefined ? 1 : 10 ** series[name].decimals;
}
const unscaled = (measure: MeasureName, steps: readonly number[]) =>
  steps.map((step, index) => step / scaleOf(measure, index));
