import type { PgTable } from 'drizzle-orm/pg-core';
import * as schema from '../gateways/db/schema/trace.ts';

/** Every table that is a function of the blocks; a rebuild makes all of them. */
export const traceTables: readonly PgTable[] = Object.values(schema);
