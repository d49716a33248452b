import { type SQL, sql } from 'drizzle-orm';
import { traceEvents } from '../../gateways/db/schema/trace.ts';

/** Conditions on what stands in an event. Names and values are the driver's parameters and never part of the statement. */

const { body } = traceEvents;

/** Comparisons by the letters before a parameter's name. */
export const comparisons = { EQ: sql`=`, GT: sql`>`, GE: sql`>=`, LT: sql`<`, LE: sql`<=` } as const;
export type Comparison = keyof typeof comparisons;

/** Whether a name has one of the letters. */
export function comparisonOf(letters: string | undefined): SQL {
  for (const [name, operator] of Object.entries(comparisons)) if (name === letters) return operator;
  throw new RangeError(`no comparison ${letters}`);
}

export const anyOf = (conditions: readonly SQL[]): SQL => sql`(${sql.join([...conditions], sql` or `)})`;
export const allOf = (conditions: readonly SQL[]): SQL => sql`(${sql.join([...conditions], sql` and `)})`;

/** Whether the event has all that `part` has. */
export const contains = (part: unknown): SQL => sql`${body} @> ${JSON.stringify(part)}::jsonb`;

/** Text under a path of names; null where there is none. */
export const textAt = (...path: string[]): SQL => sql`${body} #>> ${textArray(path)}`;
export const valueAt = (...path: string[]): SQL => sql`${body} #> ${textArray(path)}`;

export const textArray = (items: readonly string[]): SQL =>
  sql`array[${sql.join(
    items.map((item) => sql`${item}`),
    sql`, `,
  )}]::text[]`;

/** Whether some element of the lists under these names meets a condition on `it`, of type jsonb. */
export function some(lists: readonly string[], condition: SQL): SQL {
  const elements = lists.map(
    (name) =>
      sql`select jsonb_array_elements(case jsonb_typeof(${body} -> ${name}::text) when 'array' then ${body} -> ${name}::text else '[]'::jsonb end)`,
  );
  return sql`exists (select 1 from (${sql.join(elements, sql` union all `)}) as elements(it) where ${condition})`;
}

/** Whether some sensor report meets a condition on `report`, of type jsonb. */
export const someReport = (condition: SQL): SQL => someOf('$.sensorElementList[*].sensorReport[*]', condition);
/** The same of some sensor metadata. */
export const someMetadata = (condition: SQL): SQL => someOf('$.sensorElementList[*].sensorMetadata', condition);

function someOf(path: string, condition: SQL): SQL {
  return sql`exists (select 1 from jsonb_path_query(${body}, ${path}::jsonpath) as reports(report) where ${condition})`;
}

/** A number of JSON, null of anything else, so that no text makes a cast fail. */
export const numberIn = (value: SQL): SQL =>
  sql`case jsonb_typeof(${value}) when 'number' then (${value})::text::numeric end`;

/** An instant in a text of the event; null where it is none. */
export const instantIn = (text: SQL): SQL =>
  sql`case when pg_input_is_valid(${text}, 'timestamptz') then (${text})::timestamptz end`;

/** Compares an extension's value with a number, an instant or words. */
export function compared(letters: string | undefined, value: SQL, wanted: string | number): SQL {
  const operator = comparisonOf(letters);
  if (typeof wanted === 'number') return sql`${numberIn(value)} ${operator} ${wanted}::numeric`;
  return sql`${instantIn(sql`${value} #>> '{}'`)} ${operator} ${wanted}::timestamptz`;
}
