/** Units of measure by their code of UN/ECE Recommendation 20, as sensors report them: base × factor + offset. */
export interface Unit {
  /** Units of one base can be converted into each other. */
  base: string;
  factor: number;
  offset?: number;
}

const units: Readonly<Record<string, Unit>> = {
  KEL: { base: 'KEL', factor: 1 },
  CEL: { base: 'KEL', factor: 1, offset: 273.15 },
  FAH: { base: 'KEL', factor: 5 / 9, offset: 459.67 * (5 / 9) },
  // Relative humidity and other shares.
  C62: { base: 'C62', factor: 1 },
  P1: { base: 'C62', factor: 0.01 },
  A93: { base: 'A93', factor: 1 },
  PAL: { base: 'PAL', factor: 1 },
  A97: { base: 'PAL', factor: 100 },
  KPA: { base: 'PAL', factor: 1000 },
  BAR: { base: 'PAL', factor: 100_000 },
  MBR: { base: 'PAL', factor: 100 },
  KGM: { base: 'KGM', factor: 1 },
  GRM: { base: 'KGM', factor: 0.001 },
  MGM: { base: 'KGM', factor: 0.000_001 },
  LBR: { base: 'KGM', factor: 0.453_592_37 },
  MTR: { base: 'MTR', factor: 1 },
  KMT: { base: 'MTR', factor: 1000 },
  CMT: { base: 'MTR', factor: 0.01 },
  MMT: { base: 'MTR', factor: 0.001 },
  MTS: { base: 'MTS', factor: 1 },
  KMH: { base: 'MTS', factor: 1 / 3.6 },
  MSK: { base: 'MSK', factor: 1 },
  LUX: { base: 'LUX', factor: 1 },
  DD: { base: 'DD', factor: 1 },
  C81: { base: 'DD', factor: 180 / Math.PI },
  SEC: { base: 'SEC', factor: 1 },
  MIN: { base: 'SEC', factor: 60 },
  HUR: { base: 'SEC', factor: 3600 },
  LTR: { base: 'MTQ', factor: 0.001 },
  MTQ: { base: 'MTQ', factor: 1 },
  MLT: { base: 'MTQ', factor: 0.000_001 },
};

/** Units in which a type of measurement is reported, for types that have a base of their own. */
const baseOfType: Readonly<Record<string, string>> = {
  Temperature: 'KEL',
  Mass: 'KGM',
  Length: 'MTR',
  Speed: 'MTS',
  Pressure: 'PAL',
  Illuminance: 'LUX',
  Time: 'SEC',
  Volume: 'MTQ',
  RelativeHumidity: 'C62',
};

/** A value in another unit; undefined where one is not known, or the two measure different things. */
export function convert(value: number, from: string, to: string): number | undefined {
  const [source, target] = [units[from], units[to]];
  if (source === undefined || target === undefined || source.base !== target.base) return undefined;
  if (from === to) return value;
  const converted = (value * source.factor + (source.offset ?? 0) - (target.offset ?? 0)) / target.factor;
  // What floating point adds behind the twelfth digit is no measurement.
  return Number(converted.toPrecision(12));
}

/** The units that can be converted into this one, itself among them; none for a unit that is not known. */
export function unitsLike(uom: string): Readonly<Record<string, Unit>> {
  const base = units[uom]?.base;
  return Object.fromEntries(Object.entries(units).filter(([, unit]) => unit.base === base));
}

/** Degrees Celsius of a temperature; undefined where the unit is none of temperature. */
export function celsius(value: number, uom: string): number | undefined {
  return convert(value, uom, 'CEL');
}

/** Whether a unit is one of those in which the type of measurement is known to be reported; true for all of other types. */
export function unitFits(measurementType: string, uom: string): boolean {
  const base = baseOfType[measurementType];
  return base === undefined || units[uom] === undefined ? base !== 'KEL' : units[uom].base === base;
}
