import { z } from 'zod';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';

export const frameKinds = ['readings', 'hour', 'day', 'alert'] as const;
export type FrameKind = (typeof frameKinds)[number];

/** So many frames, and bytes of them, one answer has; whoever wants more asks on after the last. */
export const mostFramesListed = 1_000;
export const mostFrameBytesListed = 2 * 1024 * 1024;

/**
 * `GET /api/telemetry/frames`: sealed frames of a patient, oldest first. Without `after` the newest of the time; with it those that
 * came later than that place.
 */
export const framesQuery = z.object({
  patient: patientPseudonym,
  /** One or more, divided by commas. */
  kind: z
    .string()
    .default('readings')
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(frameKinds)).min(1)),
  /** ISO 8601: frames that reach into this time. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  after: z.coerce.number().int().nonnegative().optional(),
  limit: z.coerce.number().int().min(1).max(mostFramesListed).default(mostFramesListed),
});
export type FramesQuery = z.output<typeof framesQuery>;

/** `GET /api/telemetry/batches`: where readings are anchored, newest first; `frame` (hex SHA-256) for the batch of one frame. */
export const batchesQuery = z.object({
  patient: patientPseudonym,
  frame: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  before: z.iso.datetime().optional(),
});

/** A batch as the portal follows it; whoever proves something asks the ledger for its root. */
export interface BatchView {
  id: string;
  patient: string;
  generation: number;
  epoch: number;
  cid: string;
  /** Hex. */
  root: string;
  frames: number;
  readings: number;
  /** ISO 8601 */
  from: string;
  to: string;
  state: 'made' | 'stored' | 'anchored' | 'refused';
  /** Why the ledger refused it. */
  code?: string;
  anchoredAt?: string;
  proof?: { channel: string; transactionId: string; blockNumber: number };
}

/**
 * Events of `GET /api/telemetry/stream`, all with ids alone: `frames` (`{ patient, kind, count }`), `circle` (`{ patient }`), `alert`
 * (`{ patient, id }`, without `id` where any may have changed).
 */
export type TelemetryEvent = 'frames' | 'circle' | 'alert';

/** Bytes of a body of `PUT /api/telemetry/blocks?patient=`; answered with CID and hash. */
export const blockQuery = z.object({ patient: patientPseudonym });
