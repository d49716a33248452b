import { getTableColumns, getTableName, type InferInsertModel, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../gateways/db/database.ts';

/** Rows of one statement; more of them wait for the next. */
const mostRows = 5_000;

/**
 * Inserts rows with one array for each column, so that thousands cost one statement and no parameter each. `onConflict`: what
 * stands behind `on conflict`.
 */
export async function insertMany<Table extends PgTable>(
  db: Database,
  table: Table,
  rows: readonly InferInsertModel<Table>[],
  onConflict: SQL,
): Promise<void> {
  const columns = Object.entries<PgColumn>(getTableColumns(table));
  const names = sql.join(
    columns.map(([, { name }]) => sql.identifier(name)),
    sql`, `,
  );
  for (let from = 0; from < rows.length; from += mostRows) {
    const some = rows.slice(from, from + mostRows);
    const arrays = columns.map(([key, column]) => {
      const values = some.map((row) => driverValue(column, row, key));
      return sql`${sql.param(values)}::${sql.raw(column.getSQLType())}[]`;
    });
    await db.execute(sql`insert into ${sql.identifier(getTableName(table))} (${names})
      select * from unnest(${sql.join(arrays, sql`, `)}) ${onConflict}`);
  }
}

function driverValue(column: PgColumn, row: object, key: string): unknown {
  const value: unknown = Reflect.get(row, key);
  if (value === undefined || value === null) {
    if (value === undefined && column.hasDefault) return column.default;
    return null;
  }
  return column.mapToDriverValue(value);
}

/** `do update set` of columns, each to what was to be inserted. */
export function replacing(...columns: PgColumn[]): SQL {
  return sql.join(
    columns.map(({ name }) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`),
    sql`, `,
  );
}

/** `do update set` of columns, each by adding what was to be inserted. */
export function adding(...columns: PgColumn[]): SQL {
  return sql.join(
    columns.map(
      (column) =>
        sql`${sql.identifier(column.name)} = ${sql.identifier(getTableName(column.table))}.${sql.identifier(column.name)} + excluded.${sql.identifier(column.name)}`,
    ),
    sql`, `,
  );
}
