import { type SQL, sql } from 'drizzle-orm';
import { unitsLike } from '#epcis/units.ts';

/**
 * A report's number in the wanted unit, null where its unit measures something else or it has none; `number` and `unit` are SQL. Of
 * a unit that is not known only reports in the very same count.
 */
export function convertedTo(wanted: string, number: SQL, unit: SQL): SQL {
  const known = { [wanted]: { factor: 1, offset: 0 }, ...unitsLike(wanted) };
  const { factor, offset = 0 } = known[wanted] ?? { factor: 1 };
  const cases = Object.entries(known).map(([name, { factor: from, offset: zero = 0 }]) =>
    // The same unit is not calculated with, so that a limit is met exactly.
    name === wanted
      ? sql`when ${name} then ${number}`
      : sql`when ${name} then round((${number} * ${from}::numeric + ${zero - offset}::numeric) / ${factor}::numeric, 9)`,
  );
  return sql`case ${unit} ${sql.join(cases, sql` `)} end`;
}
