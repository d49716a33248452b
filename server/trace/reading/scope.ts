import { eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { AppError } from '#server/errors.ts';
import type { Database } from '../../gateways/db/database.ts';
import { traceProducts, traceSites } from '../../gateways/db/schema/trace.ts';
import type { Actor, Role } from '../../people/schema.ts';

/** Whose part of the supply chain somebody reads: everybody's, or an institution's own. */
export type Scope = { institutionId: string } | 'all';

const holders: readonly Role[] = ['supplier', 'pharmacist', 'admin'];

/**
 * The authority reads all. People of a maker, distributor or pharmacy read of the products that it makes, and of what it holds
 * or has handled. Everybody else is refused with FORBIDDEN.
 */
export function scopeOf(actor: Actor): Scope {
  if (actor.role === 'regulator') return 'all';
  if (holders.includes(actor.role) && actor.institutionId !== null) return { institutionId: actor.institutionId };
  throw new AppError('FORBIDDEN', `${actor.role} may not read the supply chain`);
}

/** Refuses with FORBIDDEN unless the actor reads all. */
export function requireOversight(actor: Actor): void {
  if (scopeOf(actor) !== 'all') throw new AppError('FORBIDDEN', `${actor.role} may not oversee`);
}

/** A product that the institution makes; undefined where all may be read. */
export function ownProduct(db: Database, scope: Scope, gtin: PgColumn): SQL | undefined {
  if (scope === 'all') return undefined;
  const made = db
    .select({ gtin: traceProducts.gtin })
    .from(traceProducts)
    .where(eq(traceProducts.maker, scope.institutionId));
  return inArray(gtin, made);
}

/** One of the institution's places, or a product of its own. */
export function ownPlaceOrProduct(
  db: Database,
  scope: Scope,
  columns: { gtin: PgColumn; sites: PgColumn[] },
): SQL | undefined {
  if (scope === 'all') return undefined;
  const places = db
    .select({ gln: traceSites.gln })
    .from(traceSites)
    .where(eq(traceSites.institutionId, scope.institutionId));
  return or(...columns.sites.map((site) => inArray(site, places)), ownProduct(db, scope, columns.gtin) ?? sql`false`);
}
