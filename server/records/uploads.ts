import { and, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { AppError, asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { blocks, uploads } from '../gateways/db/schema/uploads.ts';
import { type BlockCodec, cidOf, largestDocument, linksOf } from '../gateways/ipfs/ipfs.ts';
import type { Actor } from '../people/schema.ts';
import { requireReach } from './reach.ts';
import { mostUploadBytes, type UploadView } from './schema.ts';

/** What one person may have lying here that no ledger names. */
const mostOpenUploads = 40;
const mostBytesOfPerson = 3 * mostUploadBytes;
/** From the last block on. */
const hoursKept = 48;
const keptUntil = sql`now() + ${hoursKept} * interval '1 hour'`;

type UploadRow = typeof uploads.$inferSelect;

async function viewOf(db: Database, { id, patient, expiresAt }: UploadRow): Promise<UploadView> {
  const rows = await db
    .select({ cid: blocks.cid, bytes: blocks.bytes })
    .from(blocks)
    .where(and(eq(blocks.uploadId, id), eq(blocks.stored, true)));
  return {
    id,
    patient,
    expiresAt: expiresAt.toISOString(),
    bytes: rows.reduce((total, row) => total + row.bytes, 0),
    blocks: rows.map(({ cid }) => cid),
  };
}

/** The actor's own upload. Throws NOT_FOUND for one that has ended or is somebody else's. */
async function ownUpload(db: Database, actor: Actor, id: string): Promise<UploadRow> {
  const [row] = await db
    .select()
    .from(uploads)
    .where(and(eq(uploads.id, id), eq(uploads.personId, actor.personId), gt(uploads.expiresAt, sql`now()`)));
  if (row === undefined) throw new AppError('NOT_FOUND', `no upload ${id}`);
  return row;
}

/**
 * The actor's own upload for a patient's record, begun where there is none of that name yet. Throws NOT_FOUND as above, and for
 * another patient's; FORBIDDEN, RATE_LIMITED.
 */
async function requireUpload(portal: Portal, actor: Actor, upload: string, patient: string): Promise<void> {
  const { db } = portal;
  await requireReach(portal, actor, patient);
  const open = await db
    .select({ id: uploads.id })
    .from(uploads)
    .where(and(eq(uploads.personId, actor.personId), gt(uploads.expiresAt, sql`now()`)));
  if (!open.some(({ id }) => id === upload)) {
    if (open.length >= mostOpenUploads) {
      throw new AppError('RATE_LIMITED', `${open.length} open uploads`, {
        message: 'Too many uploads are under way.',
        next: 'Finish or give up some of them first.',
      });
    }
    const begun = { id: upload, personId: actor.personId, patient, expiresAt: keptUntil };
    await db.insert(uploads).values(begun).onConflictDoNothing();
  }
  const row = await ownUpload(db, actor, upload);
  if (row.patient !== patient) throw new AppError('NOT_FOUND', `upload ${upload} is for another record`);
}

/** What of an upload is here, so that a browser sends the rest only. Throws NOT_FOUND. */
export async function readUpload(actor: Actor, id: string, portal: Portal = thePortal()): Promise<UploadView> {
  return viewOf(portal.db, await ownUpload(portal.db, actor, id));
}

/** Refuses what is more than one upload, or one person, may leave here. */
async function requireRoom(db: Database, actor: Actor, uploadId: string, size: number): Promise<void> {
  const rows = await db
    .select({ id: uploads.id, bytes: sql<number>`coalesce(sum(${blocks.bytes}), 0)::float8` })
    .from(uploads)
    .leftJoin(blocks, eq(blocks.uploadId, uploads.id))
    .where(eq(uploads.personId, actor.personId))
    .groupBy(uploads.id);
  const here = rows.find(({ id }) => id === uploadId)?.bytes ?? 0;
  const all = rows.reduce((total, { bytes }) => total + bytes, 0);
  if (here + size > mostUploadBytes) throw new AppError('TOO_LARGE', `${here + size} bytes in one upload`);
  if (all + size > mostBytesOfPerson) {
    throw new AppError('TOO_LARGE', `${all + size} bytes of one person`, {
      message: 'Too much is uploaded that belongs to no entry yet.',
      next: 'Finish or give up other uploads first.',
    });
  }
}

/** A block as it is sent; with `cid`, what the sender computed. */
export interface SentBlock {
  codec: BlockCodec;
  cid?: string;
  bytes: Uint8Array;
}

/** A block under the CID of its bytes. Throws TOO_LARGE, INVALID_INPUT. */
function identify({ codec, cid: expected, bytes }: SentBlock) {
  if (bytes.length === 0 || bytes.length > largestDocument) throw new AppError('TOO_LARGE', `${bytes.length} bytes`);
  const cid = cidOf(bytes, codec);
  if (expected !== undefined && expected !== cid) {
    throw new AppError('INVALID_INPUT', `${cid} came as ${expected}`, { message: 'The block changed on its way.' });
  }
  return { cid, codec, bytes, links: linksOf(cid, bytes) };
}
type IdentifiedBlock = ReturnType<typeof identify>;

/**
 * Takes blocks of an upload, which begins with its first ones, as often as they are sent. A node comes after the blocks that it
 * links to. Throws NOT_FOUND (an upload that has ended, of somebody else's, or for another record), FORBIDDEN (not or no longer in
 * reach), RATE_LIMITED, TOO_LARGE, INVALID_INPUT, IPFS_UNAVAILABLE; then none of them counts as being here.
 */
export async function putBlocks(
  actor: Actor,
  { upload, patient, blocks: sent }: { upload: string; patient: string; blocks: readonly SentBlock[] },
  portal: Portal = thePortal(),
): Promise<{ cids: string[] }> {
  const identified = sent.map(identify);
  const cids = identified.map(({ cid }) => cid);
  const brought = new Map(identified.map((block) => [block.cid, block]));
  await requireUpload(portal, actor, upload, patient);
  await portal.db.transaction(async (tx) => {
    // Blocks of a person are counted one request after the other, however many are sent at once.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`uploads:${actor.personId}`}))`);
    const known = await tx
      .select({ cid: blocks.cid, stored: blocks.stored })
      .from(blocks)
      .where(
        and(eq(blocks.patient, patient), inArray(blocks.cid, [...cids, ...identified.flatMap(({ links }) => links)])),
      );
    requireLinks(identified, new Set(known.filter(({ stored }) => stored).map(({ cid }) => cid)));
    const added = [...brought.values()].filter(({ cid }) => !known.some((block) => block.cid === cid));
    const size = added.reduce((total, { bytes }) => total + bytes.length, 0);
    if (size > 0) await requireRoom(tx, actor, upload, size);
    await tx
      .insert(blocks)
      .values([...brought.values()].map(({ cid, bytes }) => ({ cid, patient, bytes: bytes.length, uploadId: upload })))
      .onConflictDoUpdate({
        target: [blocks.cid, blocks.patient],
        set: { uploadId: upload },
        setWhere: eq(blocks.kept, false),
      });
    await tx.update(uploads).set({ expiresAt: keptUntil }).where(eq(uploads.id, upload));
  });
  // Counted before they are stored, so that nothing lies there that no row knows.
  const [leaves, nodes] = [identified.filter(isLeaf), identified.filter((block) => !isLeaf(block))];
  await Promise.all(leaves.map(({ bytes, codec }) => portal.ipfs.putBlock(bytes, codec)));
  for (const { bytes, codec } of nodes) await portal.ipfs.putBlock(bytes, codec);
  await portal.db
    .update(blocks)
    .set({ stored: true })
    .where(and(inArray(blocks.cid, cids), eq(blocks.patient, patient)));
  return { cids };
}

const isLeaf = ({ links }: IdentifiedBlock) => links.length === 0;

/** Refuses a node whose links are neither here nor before it. Throws INVALID_INPUT. */
function requireLinks(identified: readonly IdentifiedBlock[], here: ReadonlySet<string>): void {
  const there = new Set(here);
  for (const { cid, links } of identified) {
    const missing = links.filter((link) => !there.has(link)).length;
    if (missing > 0) {
      throw new AppError('INVALID_INPUT', `${cid} links to ${missing} blocks that are not here`, {
        message: 'A block came before those that it is made of.',
      });
    }
    there.add(cid);
  }
}

/** Gives up an upload of the actor; its blocks go. Throws NOT_FOUND, IPFS_UNAVAILABLE. */
export async function abandonUpload(
  actor: Actor,
  { id }: { id: string },
  portal: Portal = thePortal(),
): Promise<{ id: string }> {
  await ownUpload(portal.db, actor, id);
  await removeUpload(portal, id);
  return { id };
}

/** Takes an upload away with all of its blocks that nothing names. */
async function removeUpload(portal: Portal, id: string): Promise<void> {
  await portal.db.transaction(async (tx) => {
    const [row] = await tx.select({ id: uploads.id }).from(uploads).where(eq(uploads.id, id)).for('update');
    if (row === undefined) return;
    const own = await tx.select({ cid: blocks.cid }).from(blocks).where(eq(blocks.uploadId, id)).for('update');
    for (const { cid } of own) {
      const named = await tx.select({ upload: blocks.uploadId }).from(blocks).where(eq(blocks.cid, cid));
      if (named.every(({ upload }) => upload === id)) await portal.ipfs.unpin(cid);
    }
    await tx.delete(blocks).where(eq(blocks.uploadId, id));
    await tx.delete(uploads).where(eq(uploads.id, id));
  });
}

/** Takes away uploads whose time is over; answers how many. Throws IPFS_UNAVAILABLE. */
export async function expireUploads(portal: Portal): Promise<number> {
  const due = await portal.db
    .select({ id: uploads.id })
    .from(uploads)
    .where(lt(uploads.expiresAt, sql`now()`))
    .limit(100);
  for (const { id } of due) await removeUpload(portal, id);
  return due.length;
}

const expireEveryMs = 10 * 60_000;

/** Takes expired uploads away until `signal` aborts. */
export async function runUploadExpiry(portal: Portal, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await expireUploads(portal).catch((error) => log().warn({ detail: asAppError(error).detail }, 'uploads stay'));
    await pause(expireEveryMs, signal);
  }
}
