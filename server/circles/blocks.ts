import { createHash } from 'node:crypto';
import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import { maximumCircleBlock } from '#crypto/circle/view.ts';
import { AppError, asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { circleBlocks, circleEpochs, plans } from '../gateways/db/schema/circles.ts';
import { telemetryBatches } from '../gateways/db/schema/telemetry.ts';
import { cidOf, type IpfsGateway } from '../gateways/ipfs/ipfs.ts';
import type { Actor } from '../people/schema.ts';
import { membershipOf, requireFramesReader, requireMember } from './policy.ts';

/**
 * Blocks of a circle: commits with the group's public state, and sealed plans. They belong to the patient's circle, so that its
 * members have them and nobody else, whoever reads the record.
 */

/** Bytes of one block: a circle of as many members as one may have. */
export const largestCircleBlock = maximumCircleBlock;
/** So many blocks that no ledger names somebody may have lying here. */
const mostUnnamed = 50;
const hoursKept = 48;

interface Stores {
  db: Database;
  ipfs: IpfsGateway;
}

/** Stores a block in the name of a subject who may. Throws TOO_LARGE, RATE_LIMITED, IPFS_UNAVAILABLE. */
export async function storeBlock(
  { db, ipfs }: Stores,
  { patient, by, bytes }: { patient: string; by: string; bytes: Uint8Array },
): Promise<{ cid: string; contentHash: string }> {
  if (bytes.length === 0 || bytes.length > largestCircleBlock) {
    throw new AppError('TOO_LARGE', `${bytes.length} bytes of a circle's block`);
  }
  const unnamed = await db.$count(circleBlocks, and(eq(circleBlocks.by, by), eq(circleBlocks.kept, false)));
  if (unnamed >= mostUnnamed) throw new AppError('RATE_LIMITED', `${unnamed} blocks of ${by} that no ledger names`);
  const cid = cidOf(bytes);
  // Counted before it is stored, so that nothing lies there that no row knows.
  await db.insert(circleBlocks).values({ cid, patient, by, bytes: bytes.length }).onConflictDoNothing();
  await ipfs.add(bytes);
  return { cid, contentHash: createHash('sha256').update(bytes).digest('hex') };
}

/** Stores a block for a circle of which the actor is. Throws NOT_FOUND. */
export async function putBlock(
  actor: Actor,
  { patient, bytes }: { patient: string; bytes: Uint8Array },
  portal: Portal = thePortal(),
): Promise<{ cid: string; contentHash: string }> {
  await requireMember(portal, actor, patient);
  return storeBlock(portal, { patient, by: actor.subjectId, bytes });
}

/** Whose circle a block belongs to, by what was stored here and by what the ledger names; several for none but by chance. */
export async function patientsOfBlock(db: Database, cid: string): Promise<string[]> {
  const [stored, epochs, planned] = await Promise.all([
    db.select({ patient: circleBlocks.patient }).from(circleBlocks).where(eq(circleBlocks.cid, cid)),
    db.selectDistinct({ patient: circleEpochs.patient }).from(circleEpochs).where(eq(circleEpochs.cid, cid)),
    db.select({ patient: plans.patient }).from(plans).where(eq(plans.cid, cid)),
  ]);
  return [...new Set([...stored, ...epochs, ...planned].map(({ patient }) => patient))];
}

/**
 * A block of a circle of which the actor is, or a batch of readings for whoever may have these. Throws NOT_FOUND,
 * IPFS_UNAVAILABLE, CONTENT_MISMATCH.
 */
export async function readBlock(
  actor: Actor,
  { cid }: { cid: string },
  portal: Portal = thePortal(),
): Promise<Uint8Array> {
  const patients = await patientsOfBlock(portal.db, cid);
  // Whoever has the bytes can have stored them for another circle, too: a member of any of them reads what is the same.
  const memberships = await Promise.all(patients.map((patient) => membershipOf(portal, actor, patient)));
  if (patients.length === 0) await requireFramesReader(portal, actor, await patientOfBatch(portal.db, cid));
  else if (memberships.every((membership) => membership === undefined)) throw new AppError('NOT_FOUND', cid);
  return portal.ipfs.readBlock(cid);
}

async function patientOfBatch(db: Database, cid: string): Promise<string> {
  const [batch] = await db
    .select({ patient: telemetryBatches.patient })
    .from(telemetryBatches)
    .where(eq(telemetryBatches.cid, cid))
    .limit(1);
  return batch?.patient ?? '';
}

/** Refuses unless the block that is to be named is here and has the hash that is told of it. Throws NOT_FOUND, CONTENT_MISMATCH. */
export async function requireStored(
  { db, ipfs }: Stores,
  patient: string,
  { cid, contentHash }: { cid: string; contentHash: string },
): Promise<void> {
  if (!(await patientsOfBlock(db, cid)).includes(patient)) throw new AppError('NOT_FOUND', `${cid} was not stored`);
  const hash = createHash('sha256')
    .update(await ipfs.readBlock(cid))
    .digest('hex');
  if (hash !== contentHash) throw new AppError('CONTENT_MISMATCH', `${cid} has another hash`);
}

const expireEveryMs = 30 * 60_000;

/** Takes away blocks that no ledger has named in time. Throws IPFS_UNAVAILABLE. */
export async function expireBlocks({ db, ipfs }: Stores): Promise<number> {
  const due = await db
    .select({ cid: circleBlocks.cid })
    .from(circleBlocks)
    .where(and(eq(circleBlocks.kept, false), lt(circleBlocks.at, sql`now() - ${hoursKept} * interval '1 hour'`)))
    .limit(200);
  const cids = [...new Set(due.map(({ cid }) => cid))];
  for (const cid of cids) {
    const named = await db.$count(circleBlocks, and(eq(circleBlocks.cid, cid), eq(circleBlocks.kept, true)));
    if (named === 0) await ipfs.unpin(cid);
  }
  if (cids.length > 0)
    await db.delete(circleBlocks).where(and(inArray(circleBlocks.cid, cids), eq(circleBlocks.kept, false)));
  return cids.length;
}

/** Takes them away until `signal` aborts. */
export async function runBlockExpiry(portal: Portal, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await expireBlocks(portal).catch((error) => log().warn({ detail: asAppError(error).detail }, 'blocks stay'));
    await pause(expireEveryMs, signal);
  }
}
