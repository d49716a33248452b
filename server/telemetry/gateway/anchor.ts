import { and, asc, eq, gte, inArray, isNull, lt, notInArray, or, type SQL, sql } from 'drizzle-orm';
import {
  type Batch,
  batch as batchShape,
  epochGraceMs,
  mostAnchorBytes,
  mostBatches,
  type Outcome,
} from '#chaincode/model/telemetry.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Database } from '../../gateways/db/database.ts';
import { circleEpochs } from '../../gateways/db/schema/circles.ts';
import { telemetryBatches, telemetryFrames, telemetryStreams } from '../../gateways/db/schema/telemetry.ts';
import { lockBatches } from '../anchorLock.ts';
import type { BatcherParts } from './batcher.ts';

type BatchRow = typeof telemetryBatches.$inferSelect;

/** Anchors what is stored, each channel by itself, in the order in which it was made; what fails waits for the next time. */
export async function anchorBatches(parts: BatcherParts): Promise<{ anchored: number; refused: number }> {
  const channels = await parts.db
    .selectDistinct({ channel: telemetryBatches.channel })
    .from(telemetryBatches)
    .where(eq(telemetryBatches.state, 'stored'));
  const done = await Promise.all(channels.map(({ channel }) => anchorChannel(parts, channel)));
  return {
    anchored: done.reduce((sum, { anchored }) => sum + anchored, 0),
    refused: done.reduce((sum, { refused }) => sum + refused, 0),
  };
}

async function anchorChannel(parts: BatcherParts, channel: string): Promise<{ anchored: number; refused: number }> {
  const { db, connector, mspId, gateway } = parts;
  const done = { anchored: 0, refused: 0 };
  for (;;) {
    const rows = await dueOf(db, channel);
    if (rows.length === 0) return done;
    try {
      const batches = rows.map(batchIn);
      const { outcomes } = await connector.anchor({ mspId, system: gateway, channel, batches });
      for (const outcome of outcomes) {
        const row = rows.find(({ id }) => id === outcome.id);
        if (row === undefined) continue;
        if (outcome.outcome === 'refused') {
          await noteRefused(parts, row, outcome);
          done.refused += 1;
        } else done.anchored += 1;
      }
      const ids = outcomes.filter(({ outcome }) => outcome !== 'refused').map(({ id }) => id);
      await noteAnchored(db, ids);
    } catch (error) {
      const { code, detail } = asAppError(error);
      log().warn({ channel, code, detail, batches: rows.length }, 'batches wait for the ledger');
      return done;
    }
  }
}

/** The next batches of a channel, as many as one transaction takes. One whose patient has an earlier one that is not stored waits. */
async function dueOf(db: Database, channel: string): Promise<BatchRow[]> {
  const held = await db
    .selectDistinct({ patient: telemetryBatches.patient })
    .from(telemetryBatches)
    .where(and(eq(telemetryBatches.state, 'made'), eq(telemetryBatches.channel, channel)));
  const patients = held.map(({ patient }) => patient);
  const rows = await db
    .select()
    .from(telemetryBatches)
    .where(
      and(
        eq(telemetryBatches.state, 'stored'),
        eq(telemetryBatches.channel, channel),
        patients.length === 0 ? undefined : notInArray(telemetryBatches.patient, patients),
      ),
    )
    .orderBy(asc(telemetryBatches.seq))
    .limit(mostBatches);
  let size = 100;
  return rows.filter((row, index) => {
    size += JSON.stringify(batchIn(row)).length + 1;
    return index === 0 || size <= mostAnchorBytes;
  });
}

function batchIn(row: BatchRow): Batch {
  const { id, patient, generation, epoch, cid, root, frames, readings, from, to, streams } = row;
  const times = { from: from.toISOString(), to: to.toISOString() };
  return batchShape.parse({ id, patient, generation, epoch, cid, root, frames, readings, ...times, streams });
}

async function noteAnchored(db: Database, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.transaction(async (tx) => {
    await lockBatches(tx, ids);
    await tx
      .update(telemetryBatches)
      .set({ state: 'anchored', anchoredAt: sql`coalesce(${telemetryBatches.anchoredAt}, now())` })
      .where(inArray(telemetryBatches.id, ids));
    await tx.update(telemetryFrames).set({ anchoredAt: sql`now()` }).where(inArray(telemetryFrames.batchId, ids));
  });
}

/**
 * A batch that the ledger does not take: what is the reason stays with it, with all that follows in the same streams, and the
 * device has to begin others; what only lay beside it makes a batch of its own.
 */
async function noteRefused({ db, onRefused }: BatcherParts, row: BatchRow, outcome: Outcome): Promise<void> {
  const code = outcome.code ?? 'INVALID_ARGUMENT';
  const inBatch = eq(telemetryFrames.batchId, row.id);
  if (code === 'WRONG_STATE' && (await isTooEarly(db, row))) return dissolve(db, row);
  const counted = await db.transaction(async (tx) => {
    const guilty = await tx
      .select({
        device: telemetryFrames.device,
        stream: telemetryFrames.stream,
        first: sql<number>`min(${telemetryFrames.number})::int`,
      })
      .from(telemetryFrames)
      .where(and(inBatch, await guiltyOf(tx, row, outcome)))
      .groupBy(telemetryFrames.device, telemetryFrames.stream);
    const isGuilty = or(
      ...guilty.map(({ device, stream, first }) =>
        and(eq(telemetryFrames.device, device), eq(telemetryFrames.stream, stream), gte(telemetryFrames.number, first)),
      ),
    );
    const all = await tx.$count(telemetryFrames, inBatch);
    const kept = guilty.length === 0 ? all : await tx.$count(telemetryFrames, and(inBatch, isGuilty));
    if (guilty.length > 0 && kept < all)
      await tx
        .update(telemetryFrames)
        .set({ batchId: null })
        .where(and(inBatch, sql`not (${isGuilty})`));
    for (const { device, stream } of guilty)
      await tx
        .update(telemetryStreams)
        .set({ closed: code })
        .where(and(eq(telemetryStreams.device, device), eq(telemetryStreams.stream, stream)));
    await tx
      .update(telemetryBatches)
      .set({ state: 'refused', code, frames: kept })
      .where(eq(telemetryBatches.id, row.id));
    return guilty.map(({ device }) => device);
  });
  log().warn({ batch: row.id, code, devices: [...new Set(counted)] }, 'the ledger refused a batch');
  for (const device of new Set(counted)) onRefused(device, code, 1);
}

/** Whether frames that come before some of a batch's are still on their way: they were taken out of a batch that was refused. */
async function isTooEarly(db: Database, row: BatchRow): Promise<boolean> {
  const before = or(
    ...batchIn(row).streams.map(({ device, stream, first }) =>
      and(eq(telemetryFrames.device, device), eq(telemetryFrames.stream, stream), lt(telemetryFrames.number, first)),
    ),
  );
  const onTheirWay = db
    .select({ id: telemetryBatches.id })
    .from(telemetryBatches)
    .where(inArray(telemetryBatches.state, ['made', 'stored']));
  const waits = or(isNull(telemetryFrames.batchId), inArray(telemetryFrames.batchId, onTheirWay));
  return (await db.$count(telemetryFrames, and(before, isNull(telemetryFrames.anchoredAt), waits))) > 0;
}

/** Makes nothing of a batch: its frames wait to be put in others. */
async function dissolve(db: Database, row: BatchRow): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.update(telemetryFrames).set({ batchId: null }).where(eq(telemetryFrames.batchId, row.id));
    await tx.delete(telemetryBatches).where(eq(telemetryBatches.id, row.id));
  });
}

/** Which frames of a batch are the reason why it was refused; all where nothing tells them apart. */
async function guiltyOf(db: Database, row: BatchRow, { code, device }: Outcome): Promise<SQL | undefined> {
  if (device !== undefined) return eq(telemetryFrames.device, device);
  if (code !== 'STALE_KEY') return undefined;
  const [epoch] = await db
    .select({ until: circleEpochs.until, staleSince: circleEpochs.staleSince })
    .from(circleEpochs)
    .where(
      and(
        eq(circleEpochs.patient, row.patient),
        eq(circleEpochs.generation, row.generation),
        eq(circleEpochs.epoch, row.epoch),
      ),
    );
  const ends = [epoch?.until, epoch?.staleSince].flatMap((end) => (end ? [end.getTime()] : []));
  if (ends.length === 0) return undefined;
  const late = gte(telemetryFrames.to, new Date(Math.min(...ends) + epochGraceMs + 1));
  const found = await db.$count(telemetryFrames, and(eq(telemetryFrames.batchId, row.id), late));
  return found > 0 ? late : undefined;
}
