import { and, asc, desc, eq, gt, gte, inArray, lt, lte } from 'drizzle-orm';
import type { z } from 'zod';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { requireFramesReader } from '../circles/policy.ts';
import type { DeviceView } from '../circles/schema.ts';
import { telemetryBatches, telemetryFrames } from '../gateways/db/schema/telemetry.ts';
import type { Actor } from '../people/schema.ts';
import { ownInstitutionOf } from '../registry/policy.ts';
import { devicesOfInstitution } from './devices.ts';
import { type BatchView, type batchesQuery, type FramesQuery, mostFrameBytesListed } from './schema.ts';

/** The devices of the admin's own institution, with what the gateway has seen of them. Throws FORBIDDEN. */
export function listOwnDevices(actor: Actor, _: undefined, portal: Portal = thePortal()): Promise<DeviceView[]> {
  return devicesOfInstitution(portal.db, ownInstitutionOf(actor));
}

/** A sealed frame with its place in the order of arrival. */
export interface PlacedFrame {
  seq: number;
  bytes: Buffer;
}

/**
 * Sealed frames of a patient, by place: for members of the circle and whoever has an access in force. Throws NOT_FOUND for anybody
 * else.
 */
export async function readFrames(
  actor: Actor,
  query: FramesQuery,
  portal: Pick<Portal, 'db'> = thePortal(),
): Promise<PlacedFrame[]> {
  await requireFramesReader(portal, actor, query.patient);
  return framesOf(portal, query);
}

/** The same without asking who wants to know. */
export async function framesOf(
  { db }: Pick<Portal, 'db'>,
  { patient, kind, from, to, after, limit }: FramesQuery,
): Promise<PlacedFrame[]> {
  const { seq, bytes } = telemetryFrames;
  const rows = await db
    .select({ seq, bytes })
    .from(telemetryFrames)
    .where(
      and(
        eq(telemetryFrames.patient, patient),
        inArray(telemetryFrames.kind, kind),
        from === undefined ? undefined : gte(telemetryFrames.to, new Date(from)),
        to === undefined ? undefined : lte(telemetryFrames.from, new Date(to)),
        after === undefined ? undefined : gt(seq, after),
      ),
    )
    .orderBy(after === undefined ? desc(seq) : asc(seq))
    .limit(limit);
  let size = 0;
  const fitting = rows.filter((row) => {
    size += row.bytes.length;
    return size <= mostFrameBytesListed;
  });
  return after === undefined ? fitting.reverse() : fitting;
}

const mostBatchesListed = 200;

/** Batches of a patient, newest first, for whoever may have the frames. Throws NOT_FOUND. */
export async function listBatches(
  actor: Actor,
  { patient, frame, before }: z.output<typeof batchesQuery>,
  portal: Pick<Portal, 'db'> = thePortal(),
): Promise<BatchView[]> {
  await requireFramesReader(portal, actor, patient);
  const ofFrame =
    frame === undefined
      ? undefined
      : inArray(
          telemetryBatches.id,
          portal.db
            .select({ id: telemetryFrames.batchId })
            .from(telemetryFrames)
            .where(and(eq(telemetryFrames.patient, patient), eq(telemetryFrames.hash, frame))),
        );
  const rows = await portal.db
    .select()
    .from(telemetryBatches)
    .where(
      and(
        eq(telemetryBatches.patient, patient),
        ofFrame,
        before === undefined ? undefined : lt(telemetryBatches.from, new Date(before)),
      ),
    )
    .orderBy(desc(telemetryBatches.from))
    .limit(mostBatchesListed);
  return rows.map(viewOf);
}

function viewOf(row: typeof telemetryBatches.$inferSelect): BatchView {
  const { id, patient, generation, epoch, cid, root, frames, readings, code } = row;
  const { from, to, anchoredAt, channel, transactionId, blockNumber } = row;
  const state = (['stored', 'anchored', 'refused'] as const).find((name) => name === row.state) ?? 'made';
  return {
    ...{ id, patient, generation, epoch, cid, root, frames, readings, state },
    ...{ from: from.toISOString(), to: to.toISOString() },
    ...(code !== null && { code }),
    ...(anchoredAt !== null && { anchoredAt: anchoredAt.toISOString() }),
    ...(transactionId !== null && blockNumber !== null && { proof: { channel, transactionId, blockNumber } }),
  };
}
