import { and, eq, exists, inArray, not, sql } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { blocks, uploads } from '../gateways/db/schema/uploads.ts';
import { linksOf } from '../gateways/ipfs/ipfs.ts';
import type { Actor } from '../people/schema.ts';
import { readableBy, representedBy } from './reach.ts';

/** 174³ leaves under a root are more than any attachment has. */
const mostLevels = 4;

/** Refuses unless the actor may have every one of the blocks; one that does not exist is refused alike. */
async function requireReadable(portal: Portal, actor: Actor, cids: string[]): Promise<Map<string, string>> {
  const isPatient = actor.role === 'patient';
  const [rows, represented, readable] = await Promise.all([
    portal.db
      .select({ cid: blocks.cid, patient: blocks.patient, uploader: uploads.personId })
      .from(blocks)
      .leftJoin(uploads, eq(uploads.id, blocks.uploadId))
      .where(inArray(blocks.cid, cids)),
    isPatient ? representedBy(portal, actor.subjectId) : [],
    readableBy(portal, actor.subjectId),
  ]);
  const patients = new Set([...(isPatient ? [actor.subjectId] : []), ...represented, ...readable]);
  const allowed = new Map<string, string>();
  for (const { cid, patient, uploader } of rows) {
    if (patients.has(patient) || uploader === actor.personId) allowed.set(cid, patient);
  }
  if (cids.some((cid) => !allowed.has(cid))) throw new AppError('NOT_FOUND', 'no block that the actor may have');
  return allowed;
}

/**
 * Blocks of ciphertext, in order and one at a time as they are asked for: for the patient, a representative, whoever uploads
 * them, and whoever has an entry on the ledger by which the record can be read now. Throws NOT_FOUND before the first;
 * IPFS_UNAVAILABLE, CONTENT_MISMATCH.
 */
export async function readBlocks(
  actor: Actor,
  cids: string[],
  portal: Portal = thePortal(),
): Promise<AsyncIterable<Uint8Array>> {
  const patients = await requireReadable(portal, actor, [...new Set(cids)]);
  async function* inOrder(): AsyncGenerator<Uint8Array> {
    for (const cid of cids) {
      const bytes = await portal.ipfs.readBlock(cid);
      // A root that another portal stored: whoever may have it may have what is below.
      const links = linksOf(cid, bytes);
      if (links.length > 0) await noteKept(portal.db, patients.get(cid) ?? '', links);
      yield bytes;
    }
  }
  return inOrder();
}

/** Notes that blocks belong to a patient's record for good. */
async function noteKept(db: Database, patient: string, cids: string[]): Promise<void> {
  await db
    .insert(blocks)
    .values([...new Set(cids)].map((cid) => ({ cid, patient, bytes: 0, stored: true, kept: true })))
    .onConflictDoNothing();
}

/** All blocks under these roots, the roots with them. Throws NOT_FOUND, IPFS_UNAVAILABLE. */
async function blocksUnder(portal: Portal, roots: string[]): Promise<string[]> {
  const found = new Set<string>(roots);
  let level = roots;
  for (let depth = 0; level.length > 0 && depth < mostLevels; depth += 1) {
    const below: string[] = [];
    for (const cid of level) {
      const links = isNode(cid) ? linksOf(cid, await portal.ipfs.readBlock(cid)) : [];
      below.push(...links.filter((link) => !found.has(link)));
      for (const link of links) found.add(link);
    }
    level = [...new Set(below)];
  }
  return [...found];
}

/** CIDv1 of a dag-pb node, by its base32 beginning (version 1, codec 0x70, sha2-256 of 32 bytes). */
const isNode = (cid: string) => cid.startsWith('bafybei');

/**
 * Keeps the blocks of a document or index that the ledger names, whatever becomes of the upload that brought them; one of which
 * all is kept is over, and counts no longer among its person's. Doing it twice changes nothing. Throws NOT_FOUND,
 * IPFS_UNAVAILABLE.
 */
export async function keepBlocks(portal: Portal, patient: string, roots: string[]): Promise<void> {
  const cids = await blocksUnder(portal, roots);
  await portal.db.transaction((tx) => keepNamed(tx, patient, cids));
}

/** Takes blocks out of the uploads that brought them, in a transaction; one that has none left is over. */
export async function keepNamed(tx: Database, patient: string, cids: string[]): Promise<void> {
  const named = and(eq(blocks.patient, patient), inArray(blocks.cid, cids));
  const brought = await tx.selectDistinct({ upload: blocks.uploadId }).from(blocks).where(named);
  await tx.update(blocks).set({ kept: true, uploadId: null }).where(named);
  await noteKept(tx, patient, cids);
  const left = tx.select({ cid: blocks.cid }).from(blocks).where(eq(blocks.uploadId, uploads.id));
  const ids = brought.flatMap(({ upload }) => upload ?? []);
  if (ids.length > 0) await tx.delete(uploads).where(and(inArray(uploads.id, ids), not(exists(left))));
}

/** Refuses unless all of these blocks of the patient's record are here, and keeps them here for the time of a signature. */
export async function requireUploaded(portal: Portal, patient: string, cids: string[]): Promise<void> {
  const wanted = [...new Set(cids)];
  const here = await portal.db
    .select({ cid: blocks.cid, uploadId: blocks.uploadId })
    .from(blocks)
    .where(and(eq(blocks.patient, patient), eq(blocks.stored, true), inArray(blocks.cid, wanted)));
  if (here.length < wanted.length) {
    throw new AppError('NOT_FOUND', `${wanted.length - here.length} blocks are not uploaded`, {
      message: 'Not all of the document is uploaded.',
      next: 'Upload it again.',
    });
  }
  const open = [...new Set(here.flatMap(({ uploadId }) => uploadId ?? []))];
  if (open.length === 0) return;
  await portal.db
    .update(uploads)
    .set({ expiresAt: sql`greatest(${uploads.expiresAt}, now() + interval '2 hours')` })
    .where(inArray(uploads.id, open));
}
