import { type SQL, sql } from 'drizzle-orm';

/** How a unit of UN/ECE Recommendation 20 is made of its dimension's first: value × factor + offset. */
type Unit = readonly [factor: number, offset?: number];

/** Units of what sensors of medicines measure; between those of one dimension is converted. */
const dimensions: readonly Readonly<Record<string, Unit>>[] = [
  // temperature, in kelvin
  { KEL: [1], CEL: [1, 273.15], FAH: [5 / 9, 459.67 * (5 / 9)] },
  // ratio
  { C62: [1], P1: [0.01], '59': [0.000001] },
  // pressure, in pascal
  { PAL: [1], A97: [100], KPA: [1_000], MBR: [100], BAR: [100_000] },
  // mass, in kilogram
  { KGM: [1], GRM: [0.001], MGM: [0.000001], TNE: [1_000], LBR: [0.45359237] },
  // length, in metre
  { MTR: [1], MMT: [0.001], CMT: [0.01], DMT: [0.1], KMT: [1_000], FOT: [0.3048], INH: [0.0254] },
  // time, in seconds
  { SEC: [1], MIN: [60], HUR: [3_600], DAY: [86_400] },
  // acceleration, in m/s²
  { MSK: [1], K40: [9.80665] },
  // illuminance, in lux
  { LUX: [1] },
  // volume, in litre
  { LTR: [1], MLT: [0.001], MTQ: [1_000] },
];

/**
 * A report's number in the wanted unit, null where its unit is another dimension's or none; `number` and `unit` are SQL. Of a
 * unit that is not known here only reports in the very same count.
 */
export function convertedTo(wanted: string, number: SQL, unit: SQL): SQL {
  const dimension = dimensions.find((units) => Object.hasOwn(units, wanted)) ?? { [wanted]: [1] as const };
  const [factor, offset = 0] = dimension[wanted] ?? [1];
  const cases = Object.entries(dimension).map(([name, [from, zero = 0]]) =>
    // The same unit is not calculated with, so that a limit is met exactly.
    name === wanted
      ? sql`when ${name} then ${number}`
      : sql`when ${name} then round((${number} * ${from}::numeric + ${zero - offset}::numeric) / ${factor}::numeric, 9)`,
  );
  return sql`case ${unit} ${sql.join(cases, sql` `)} end`;
}
