import { randomUUID } from 'node:crypto';
import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { patientMerges } from '../gateways/db/schema/merges.ts';
import { careRelationships, invitations, nameTokens, people } from '../gateways/db/schema/people.ts';
import { readEntry } from '../people/ledgerEntry.ts';
import { openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { directoryOf } from './policy.ts';
import type { MergeView, mergePatients as merging, undoMerge as undoing } from './schema.ts';
import { entryOf, pairAt } from './service.ts';

type Row = typeof people.$inferSelect;

/** After this the two have grown together: what is done to one since cannot be told apart. */
const reversibleDays = 30;

/** What a merge has moved, so that it can be put back; bytes in hex. */
const moved = z.object({
  /** Institutions that treated the merged one, with since when. */
  relationships: z.array(z.object({ institutionId: z.string(), since: z.string() })),
  /** Those of them that treated the kept one only from the merge on. */
  added: z.array(z.string()),
  tokens: z.array(z.object({ institutionId: z.string(), token: z.string() })),
  /** Open invitations that the kept one has from the merged one. */
  invitations: z.array(z.string()),
});
type Moved = z.infer<typeof moved>;

const hexOf = (bytes: Buffer) => bytes.toString('hex');
const bytesOf = (hex: string) => Buffer.from(hex, 'hex');

/** Only an entry that is nothing on a ledger can become a part of another. */
async function requireUnused(portal: Portal, merged: Row): Promise<void> {
  const refusal = (detail: string) =>
    new AppError('WRONG_STATE', detail, {
      message: 'This entry has keys or a place on the ledger, and cannot become a part of another.',
      next: 'Keep this one, and merge the other into it.',
    });
  if (merged.enrolledAt !== null) throw refusal('enrolled');
  try {
    await readEntry(portal, merged.subjectId);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return;
    throw error;
  }
  throw refusal('on the ledger');
}

/**
 * Makes one of two entries of the institution a part of the other: relationships, search and open invitations go over. At
 * most the kept one has keys. Who did it is kept, and it can be undone. Throws FORBIDDEN, NOT_FOUND, WRONG_STATE,
 * LEDGER_UNAVAILABLE.
 */
export async function mergePatients(
  actor: Actor,
  { keepId, mergeId }: z.output<typeof merging>,
  portal: Portal = thePortal(),
): Promise<{ id: string }> {
  const institutionId = directoryOf(actor);
  if (keepId === mergeId) throw new AppError('INVALID_INPUT', 'one entry');
  const [kept, merged] = await pairAt(portal, institutionId, [keepId, mergeId]);
  await requireUnused(portal, merged);
  const id = randomUUID();
  await portal.db.transaction(async (tx) => {
    const claimed = await tx
      .update(people)
      .set({ mergedInto: keepId })
      .where(and(eq(people.id, mergeId), isNull(people.mergedInto), isNull(people.enrolledAt)))
      .returning({ id: people.id });
    if (claimed.length === 0 || kept.mergedInto !== null) throw new AppError('WRONG_STATE', 'merged already');
    const snapshot = await move(tx, portal, kept, merged);
    const entry = { id, keptId: keepId, mergedId: mergeId, institutionId, mergedBy: actor.personId, moved: snapshot };
    await tx.insert(patientMerges).values(entry);
  });
  return { id };
}

async function move(tx: Database, portal: Portal, kept: Row, merged: Row): Promise<Moved> {
  const theirs = await tx.select().from(careRelationships).where(eq(careRelationships.patientId, merged.id));
  const ours = await tx.select().from(careRelationships).where(eq(careRelationships.patientId, kept.id));
  const tokens = await tx.select().from(nameTokens).where(eq(nameTokens.personId, merged.id));
  // One that has keys by now opens none of them; they come back when the two are parted.
  const open = await tx
    .select()
    .from(invitations)
    .where(and(eq(invitations.personId, merged.id), isNull(invitations.usedAt)));
  const added = theirs.filter(({ institutionId }) => !ours.some((one) => one.institutionId === institutionId));
  const name = openName(portal.personalData, kept);
  for (const { institutionId, since } of added) {
    await tx.insert(careRelationships).values({ patientId: kept.id, institutionId, since });
    const found = portal.personalData.nameTokens(institutionId, name);
    const values = found.map((token) => ({ institutionId, token, personId: kept.id }));
    await tx.insert(nameTokens).values(values).onConflictDoNothing();
  }
  await tx.delete(careRelationships).where(eq(careRelationships.patientId, merged.id));
  await tx.delete(nameTokens).where(eq(nameTokens.personId, merged.id));
  const hashes = open.map(({ tokenHash }) => tokenHash);
  if (hashes.length > 0) {
    await tx.update(invitations).set({ personId: kept.id }).where(inArray(invitations.tokenHash, hashes));
  }
  return {
    relationships: theirs.map(({ institutionId, since }) => ({ institutionId, since: since.toISOString() })),
    added: added.map(({ institutionId }) => institutionId),
    tokens: tokens.map(({ institutionId, token }) => ({ institutionId, token: hexOf(token) })),
    invitations: hashes.map(hexOf),
  };
}

const isReversible = ({ at, undoneAt }: { at: Date; undoneAt: Date | null }) =>
  undoneAt === null && at.getTime() > Date.now() - reversibleDays * 86_400_000;

/** Parts two entries again. An invitation that was used meanwhile stays used. Throws FORBIDDEN, NOT_FOUND, WRONG_STATE. */
export async function undoMerge(
  actor: Actor,
  { id }: z.output<typeof undoing>,
  portal: Portal = thePortal(),
): Promise<{ id: string }> {
  const institutionId = directoryOf(actor);
  await portal.db.transaction(async (tx) => {
    const which = and(eq(patientMerges.id, id), eq(patientMerges.institutionId, institutionId));
    const [merge] = await tx.select().from(patientMerges).where(which).for('update');
    if (merge === undefined) throw new AppError('NOT_FOUND', `no merge ${id}`);
    if (!isReversible(merge)) throw new AppError('WRONG_STATE', 'undone already, or too long ago');
    const { keptId, mergedId } = merge;
    const { relationships, added, tokens, invitations: hashes } = moved.parse(merge.moved);
    for (const one of added) {
      await tx
        .delete(careRelationships)
        .where(and(eq(careRelationships.patientId, keptId), eq(careRelationships.institutionId, one)));
      await tx.delete(nameTokens).where(and(eq(nameTokens.personId, keptId), eq(nameTokens.institutionId, one)));
    }
    const back = relationships.map((one) => ({ ...one, since: new Date(one.since), patientId: mergedId }));
    if (back.length > 0) await tx.insert(careRelationships).values(back).onConflictDoNothing();
    const search = tokens.map(({ institutionId: at, token }) => ({
      ...{ institutionId: at, token: bytesOf(token), personId: mergedId },
    }));
    if (search.length > 0) await tx.insert(nameTokens).values(search).onConflictDoNothing();
    if (hashes.length > 0) {
      await tx
        .update(invitations)
        .set({ personId: mergedId })
        .where(and(inArray(invitations.tokenHash, hashes.map(bytesOf)), isNull(invitations.usedAt)));
    }
    await tx.update(people).set({ mergedInto: null }).where(eq(people.id, mergedId));
    await tx
      .update(patientMerges)
      .set({ undoneAt: sql`now()`, undoneBy: actor.personId })
      .where(eq(patientMerges.id, id));
  });
  return { id };
}

/** The institution's merges, newest first, those undone too. Throws FORBIDDEN. */
export async function listMerges(actor: Actor, _: undefined, portal: Portal = thePortal()): Promise<MergeView[]> {
  const institutionId = directoryOf(actor);
  const merges = await portal.db
    .select()
    .from(patientMerges)
    .where(eq(patientMerges.institutionId, institutionId))
    .orderBy(desc(patientMerges.at))
    .limit(100);
  const ids = merges.flatMap(({ keptId, mergedId, mergedBy }) => [keptId, mergedId, mergedBy]);
  const rows = ids.length === 0 ? [] : await portal.db.select().from(people).where(inArray(people.id, ids));
  const rowOf = (id: string) => rows.find((row) => row.id === id);
  return merges.flatMap((merge) => {
    const [kept, merged, by] = [rowOf(merge.keptId), rowOf(merge.mergedId), rowOf(merge.mergedBy)];
    if (kept === undefined || merged === undefined || by === undefined) return [];
    return [
      {
        id: merge.id,
        kept: entryOf(portal, kept),
        merged: entryOf(portal, merged),
        by: openName(portal.personalData, by),
        at: merge.at.toISOString(),
        ...(merge.undoneAt !== null && { undoneAt: merge.undoneAt.toISOString() }),
        reversible: isReversible(merge),
      },
    ];
  });
}
