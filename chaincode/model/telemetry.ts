import { z } from 'zod';
import { careChanged } from './careEvents.ts';
import { circlePlace, memberId } from './circle.ts';
import { ledgerErrorCodes } from './errors.ts';
import { careId, cid, deviceId, hex8, hex32, keyWrap, practitionerId } from './identifiers.ts';

/** What the ledger keeps of readings: where their sealed batches are, and the keys of epochs for who may read results. */

export const batchId = careId('tb');

/** So many batches, and bytes of them, one `telemetry:anchor` takes. */
export const mostBatches = 500;
export const mostAnchorBytes = 1024 * 1024;
/**
 * Readings that are so much later than an epoch's end, or than it became stale, are refused. What a gateway took before it knew
 * of an end, from a device whose clock is five minutes ahead, is not lost so.
 */
export const epochGraceMs = 7 * 60 * 1000;
/** Readings that are so much later than the ledger's own time are refused; a gateway's bound is five minutes. */
export const mostAheadMs = 10 * 60 * 1000;
/** No device is older. */
export const earliestReading = '2020-01-01T00:00:00.000Z';

const version = z.int().positive();
const instant = z.iso.datetime();

/** The frames of one stream in a batch, from `first` to `last`, both included and none left out. */
export const streamPart = z
  .strictObject({ device: deviceId, stream: hex8, first: z.int().positive(), last: z.int().positive() })
  .refine(({ first, last }) => first <= last, 'must not end before it begins');
export type StreamPart = z.infer<typeof streamPart>;

const batchFields = {
  /** Deterministic, of the content: who anchors it again changes nothing. */
  id: batchId,
  ...circlePlace.shape,
  /** IPFS block, dag-cbor `{v: 1, frames: […]}`. */
  cid,
  /** Merkle root over the frames, hex. */
  root: hex32,
  frames: z.int().min(1).max(100_000),
  readings: z.int().min(0).max(10_000_000),
  /** Of the earliest and the latest reading, as the devices say. */
  from: instant,
  to: instant,
};

/** One entry of the argument of `telemetry:anchor`. */
export const batch = z.strictObject({ ...batchFields, streams: z.array(streamPart).min(1).max(64) });
export type Batch = z.infer<typeof batch>;
export const anchorArgument = z.strictObject({ batches: z.array(batch).min(1).max(mostBatches) });

/** A batch that was accepted; its streams stand in the argument of its transaction. */
export const storedBatch = z.strictObject({ ...batchFields, at: instant, by: deviceId });
export type StoredBatch = z.infer<typeof storedBatch>;

/** How far a device's stream is anchored for a patient. */
export const streamHead = z.strictObject({ last: z.int().positive() });
export type StreamHead = z.infer<typeof streamHead>;

export const outcomes = ['accepted', 'duplicate', 'refused'] as const;
/** What was decided about one of several that came in one transaction. */
export const outcome = z.strictObject({
  id: z.string(),
  outcome: z.enum(outcomes),
  /** Why it was refused: what a call of its own would be refused with. */
  code: z.enum(ledgerErrorCodes).optional(),
  /** The device that it was refused because of, where it was one. */
  device: deviceId.optional(),
});
export type Outcome = z.infer<typeof outcome>;

/** What `telemetry:anchor` answers, in the order of its argument. */
export const anchored = z.strictObject({ outcomes: z.array(outcome) });
export type Anchored = z.infer<typeof anchored>;

/** Payload of `TelemetryAnchored`: `id` is the gateway's, `state` is `anchored`, or `refused` where one of them was. */
export const telemetryAnchored = careChanged.extend({
  outcomes: z.array(outcome),
  /** Of those that were accepted now. */
  batches: z.int().nonnegative(),
  frames: z.int().nonnegative(),
  readings: z.int().nonnegative(),
});
export type TelemetryAnchored = z.infer<typeof telemetryAnchored>;

/** Transient field of `telemetry:archive`: an epoch's key, wrapped for the public key of the patient's category `results`. */
export const archiveTransientField = 'archive';
export const keyArchive = z.strictObject({ categoryEpoch: version, wrap: keyWrap });
export type KeyArchive = z.infer<typeof keyArchive>;
/** As a reader of `results` gets it; what the wrap opens to is checked against `keyCommitment`. */
export const storedArchive = keyArchive.extend({
  ...circlePlace.omit({ patient: true }).shape,
  by: memberId,
  at: instant,
});
export type StoredArchive = z.infer<typeof storedArchive>;

/** Argument of `telemetry:setPlan` and `telemetry:resealPlan`: where the sealed plan is, and under which epoch's key. */
export const planPlace = z.strictObject({
  ...circlePlace.shape,
  /** Rises by one with each plan that a clinician makes. */
  version,
  cid,
  contentHash: hex32,
});
export type PlanPlace = z.infer<typeof planPlace>;
export const plan = planPlace.extend({
  /** The clinician who made it, and when. */
  by: practitionerId,
  at: instant,
  /** Who sealed it under that epoch's key. */
  sealedBy: memberId,
});
export type Plan = z.infer<typeof plan>;
