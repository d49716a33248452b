import { and, asc, count, eq, inArray, isNull, sql } from 'drizzle-orm';
import { batchesOf, type SealedBatch } from '#crypto/telemetry/batch.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { ConnectorGateway } from '../../gateways/connector/connector.ts';
import type { Database } from '../../gateways/db/database.ts';
import { telemetryBatches, telemetryFrames } from '../../gateways/db/schema/telemetry.ts';
import type { IpfsGateway } from '../../gateways/ipfs/ipfs.ts';
import { anchorBatches } from './anchor.ts';

/** Frames that are put in batches in one transaction, and blocks that are stored at once. */
const mostFrames = 2_000;
const storedAtOnce = 8;
const mostBlocksKept = 1_000;

export interface BatcherParts {
  db: Database;
  ipfs: IpfsGateway;
  connector: Pick<ConnectorGateway, 'anchor'>;
  /** In whose name is anchored. */
  mspId: string;
  gateway: string;
  /** Told of devices whose frames the ledger does not take, and the number of frames. */
  onRefused: (device: string, code: string, frames: number) => void;
}

/** What one round has done. */
export interface Round {
  frames: number;
  batches: number;
  anchored: number;
  refused: number;
}

/**
 * Brings frames that are on disk to IPFS and the ledger. Which frames make a batch is decided once, in a database transaction; all
 * that follows may be repeated any number of times: a block has the address of its bytes, a batch the name of its content, and the
 * ledger takes each once.
 */
export class Batcher {
  readonly #parts: BatcherParts;
  /** Blocks of batches that were made here and are not stored yet; whatever is not here is made again from its frames. */
  readonly #blocks = new Map<string, Uint8Array>();

  constructor(parts: BatcherParts) {
    this.#parts = parts;
  }

  /** Takes everything that waits as far as it gets. Throws DATABASE_UNAVAILABLE; what IPFS or ledger do not take waits. */
  async round(): Promise<Round> {
    const round: Round = { frames: 0, batches: 0, anchored: 0, refused: 0 };
    for (;;) {
      const made = await makeBatches(this.#parts.db);
      round.frames += made.frames;
      round.batches += made.sealed.length;
      for (const { batch, bytes } of made.sealed)
        if (this.#blocks.size < mostBlocksKept) this.#blocks.set(batch.id, bytes);
      if (made.frames < mostFrames) break;
    }
    await this.#store();
    const { anchored, refused } = await anchorBatches(this.#parts);
    return { ...round, anchored, refused };
  }

  /** Stores blocks of batches that are not stored yet, in their order; one that cannot be is tried again the next time. */
  async #store(): Promise<void> {
    const { db } = this.#parts;
    let after = 0;
    for (;;) {
      const due = await db
        .select({ id: telemetryBatches.id, seq: telemetryBatches.seq })
        .from(telemetryBatches)
        .where(and(eq(telemetryBatches.state, 'made'), sql`${telemetryBatches.seq} > ${after}`))
        .orderBy(asc(telemetryBatches.seq))
        .limit(storedAtOnce);
      if (due.length === 0) return;
      const outcomes = await Promise.allSettled(due.map(({ id }) => this.#storeOne(id)));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) {
        const { code, detail } = asAppError(failed.reason);
        log().warn({ code, detail }, 'batches wait for the document storage');
        if (outcomes.every(({ status }) => status === 'rejected')) return;
      }
      after = due.at(-1)?.seq ?? after;
    }
  }

  async #storeOne(id: string): Promise<void> {
    const { db, ipfs } = this.#parts;
    await ipfs.putBlock(this.#blocks.get(id) ?? (await rebuild(db, id)), 'raw');
    this.#blocks.delete(id);
    await db
      .update(telemetryBatches)
      .set({ state: 'stored' })
      .where(and(eq(telemetryBatches.id, id), eq(telemetryBatches.state, 'made')));
  }
}

/** Puts waiting frames in batches; answers how many frames, and the batches. */
async function makeBatches(db: Database): Promise<{ frames: number; sealed: SealedBatch[] }> {
  return db.transaction(async (tx) => {
    const waiting = await tx
      .select({ seq: telemetryFrames.seq, channel: telemetryFrames.channel, bytes: telemetryFrames.bytes })
      .from(telemetryFrames)
      .where(isNull(telemetryFrames.batchId))
      .orderBy(asc(telemetryFrames.seq))
      .limit(mostFrames)
      .for('update');
    if (waiting.length === 0) return { frames: 0, sealed: [] };
    const sealed = batchesOf(waiting.map(({ bytes }) => bytes));
    await tx.insert(telemetryBatches).values(sealed.map(rowOf)).onConflictDoNothing();
    const placed = sealed.flatMap(({ batch }) =>
      batch.streams.map(({ device, stream, first, last }) => ({ id: batch.id, device, stream, first, last })),
    );
    await tx.execute(sql`
      update ${telemetryFrames} set batch_id = placed.id
      from jsonb_to_recordset(${JSON.stringify(placed)}::jsonb)
        as placed(id text, device text, stream text, first bigint, last bigint)
      where ${telemetryFrames.device} = placed.device and ${telemetryFrames.stream} = placed.stream
        and ${telemetryFrames.number} between placed.first and placed.last`);
    return { frames: waiting.length, sealed };
  });
}

function rowOf({ batch }: SealedBatch): typeof telemetryBatches.$inferInsert {
  const { from, to, ...rest } = batch;
  const channel = `care-${batch.patient.split('-')[1]}`;
  return { ...rest, channel, from: new Date(from), to: new Date(to) };
}

/** A batch's block again from its frames, which are all there until it is anchored. */
async function rebuild(db: Database, id: string): Promise<Uint8Array> {
  const rows = await db
    .select({ bytes: telemetryFrames.bytes })
    .from(telemetryFrames)
    .where(eq(telemetryFrames.batchId, id));
  const [sealed, ...more] = batchesOf(rows.map(({ bytes }) => bytes));
  if (sealed === undefined || more.length > 0 || sealed.batch.id !== id)
    throw new Error(`the frames of batch ${id} do not make it`);
  return sealed.bytes;
}

/** Frames that no ledger has: what the backlog is. */
export async function countWaiting(db: Database): Promise<number> {
  const [unbatched, batched] = await Promise.all([
    db.select({ frames: count() }).from(telemetryFrames).where(isNull(telemetryFrames.batchId)),
    db
      .select({ frames: sql<number>`coalesce(sum(${telemetryBatches.frames}), 0)::int` })
      .from(telemetryBatches)
      .where(inArray(telemetryBatches.state, ['made', 'stored'])),
  ]);
  return (unbatched[0]?.frames ?? 0) + (batched[0]?.frames ?? 0);
}
