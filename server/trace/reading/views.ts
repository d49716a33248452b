import { and, asc, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { savedViews } from '../../gateways/db/schema/triage.ts';
import type { Actor } from '../../people/schema.ts';
import type { SavedView, savedView, saveView as saving } from '../schema.ts';
import { scopeOf } from './scope.ts';

const mostViews = 50;

/** The views that the actor has kept, of all pages, by name. Throws FORBIDDEN. */
export async function listViews(actor: Actor, _: undefined, { db }: Portal = thePortal()): Promise<SavedView[]> {
  scopeOf(actor);
  return db
    .select({ page: savedViews.page, name: savedViews.name, query: savedViews.query })
    .from(savedViews)
    .where(eq(savedViews.personId, actor.personId))
    .orderBy(asc(savedViews.page), asc(savedViews.name));
}

/** Keeps a view under a name, in place of the one that had it. Throws FORBIDDEN, TOO_LARGE (50 are kept already). */
export async function saveView(
  actor: Actor,
  { page, name, query }: z.output<typeof saving>,
  { db }: Portal = thePortal(),
): Promise<{ name: string }> {
  scopeOf(actor);
  const kept = await db.$count(savedViews, eq(savedViews.personId, actor.personId));
  if (kept >= mostViews) throw new AppError('TOO_LARGE', `${mostViews} views are kept`);
  await db
    .insert(savedViews)
    .values({ personId: actor.personId, page, name, query })
    .onConflictDoUpdate({
      target: [savedViews.personId, savedViews.page, savedViews.name],
      set: { query, savedAt: sql`now()` },
    });
  return { name };
}

/** Throws FORBIDDEN. */
export async function deleteView(
  actor: Actor,
  { page, name }: z.output<typeof savedView>,
  { db }: Portal = thePortal(),
): Promise<{ name: string }> {
  scopeOf(actor);
  await db
    .delete(savedViews)
    .where(and(eq(savedViews.personId, actor.personId), eq(savedViews.page, page), eq(savedViews.name, name)));
  return { name };
}
