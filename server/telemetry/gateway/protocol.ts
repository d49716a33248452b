import { z } from 'zod';
import { circle, circleEpoch, seat } from '#chaincode/model/circle.ts';
import { storedCategory } from '#chaincode/model/healthRecord.ts';
import { cid, hex32, patientPseudonym } from '#chaincode/model/identifiers.ts';
import { plan } from '#chaincode/model/telemetry.ts';
import { maximumCircleBlock } from '#crypto/circle/view.ts';
import { maximumFrame } from '#crypto/telemetry/frame.ts';
import { circleSubject } from '../../circles/schema.ts';
import {
  endorsedTransaction,
  preparedTransaction,
  receipt,
  signedProposal,
  signedTransaction,
} from '../../transactions/schema.ts';

/**
 * What a device and the gateway say to each other, over MQTT 5 or HTTPS, both with the certificate of the device's P-256 key. Both
 * sides parse with these shapes.
 *
 * MQTT, QoS 1, client id = device id:
 * - to the gateway `framesTopic`: dag-cbor, a list of 1 to 200 byte strings, each a frame; `statusTopic`: JSON `deviceStatus`.
 * - from the gateway `circlesTopic` (retained): JSON `circlesNote`; `refusedTopic`: JSON `refusedNote`.
 *
 * A PUBACK says that every frame of the packet is on disk, was there before, or is refused; what is refused is told on
 * `refusedTopic` and is not to be sent again. Until then nothing may be forgotten by the device.
 *
 * HTTPS: `POST /v1/frames` (the same body; answers `framesAnswer`), `POST /v1/status`, `GET /v1/circles` (`circlesNote`),
 * `GET /v1/circle?patient=` (`circleAnswer`), `GET /v1/frames?patient=&after=&kind=&wait=` (a seat holder reads what others sent),
 * `GET /v1/blocks/:cid`, `PUT /v1/blocks?patient=` (answers `blockAnswer`), `POST /v1/transactions` (an intent of `circles:commit`,
 * `telemetry:archive` or `telemetry:resealPlan`; answers `devicePrepared`), `/v1/transactions/endorsement` (`deviceProposal`, answers
 * `deviceEndorsed`), `/v1/transactions/submission` (`deviceSubmission`, answers `deviceReceipt` once it is committed). Refusals are
 * `{ code, detail }`.
 */

export const framesTopic = (device: string) => `v1/${device}/frames`;
export const statusTopic = (device: string) => `v1/${device}/status`;
export const circlesTopic = (device: string) => `v1/${device}/circles`;
export const refusedTopic = (device: string) => `v1/${device}/refused`;

/** Bytes of one frame, of one packet or body, of one block; frames in one packet. */
export const mostFrameBytes = maximumFrame;
export const mostPacketBytes = 256 * 1024;
export const mostBlockBytes = maximumCircleBlock;
export const mostFramesInPacket = 200;

/** How the device fares; sent every few minutes and when something changes. */
export const deviceStatus = z.strictObject({
  /** 0 to 1; left out where it hangs on a cable. */
  battery: z.number().min(0).max(1).optional(),
  firmware: z
    .string()
    .max(64)
    .regex(/^\P{Cc}*$/u),
  /** Unix ms, by the device's own clock. */
  at: z.int().nonnegative(),
  /** Frames that wait on the device. */
  pending: z
    .int()
    .nonnegative()
    .max(2 ** 31 - 1),
});
export type DeviceStatus = z.infer<typeof deviceStatus>;

/** Where each circle stands in which the device has a seat; it asks for the rest where that is news. */
export const circlesNote = z.strictObject({
  circles: z.array(
    z.strictObject({
      patient: patientPseudonym,
      /** 0 where there is none yet. */
      generation: z.int().nonnegative(),
      epoch: z.int().nonnegative(),
      /** Somebody is still in it who may not be: seal nothing until a commit has removed them. */
      stale: z.boolean(),
      /** 0 where there is none. */
      planVersion: z.int().nonnegative(),
    }),
  ),
});
export type CirclesNote = z.infer<typeof circlesNote>;

/** Why a frame is not taken; it would not be another time either. */
export const refusalCodes = [
  /** No frame, or a packet of something else. */
  'MALFORMED',
  'TOO_LARGE',
  /** Made by another device than the one that is connected. */
  'WRONG_DEVICE',
  'SIGNATURE_INVALID',
  /** The device has no seat in that patient's circle. */
  'NO_SEAT',
  /** The epoch is none of the circle's, or over for longer than two minutes. */
  'STALE_EPOCH',
  /** Its number leaves some out: those before it come first. Sent again in order it is taken. */
  'GAP',
  /** Another frame has this stream and number. */
  'REPLAY',
  /** The ledger takes nothing more of this stream, or it is another patient's: the device begins another one. */
  'STREAM_CLOSED',
  /** A time before 2020, an end before its beginning, or more than a year ahead. */
  'BAD_TIME',
  /** Sent too fast for too long. */
  'FLOODING',
  'SUSPENDED',
  'NOT_REGISTERED',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

export const refusal = z.strictObject({
  code: z.enum(refusalCodes),
  /** Hex, 16 digits, and number, where the frame could be read that far. */
  stream: z.string().optional(),
  number: z.int().optional(),
});
export type Refusal = z.infer<typeof refusal>;
/** With the time of the gateway's clock in Unix ms, by which a device can set its own. */
export const refusedNote = z.strictObject({ refused: z.array(refusal), at: z.int() });

/** What became of frames sent over HTTPS; the time of the gateway's clock in Unix ms. */
export const framesAnswer = z.strictObject({
  taken: z.int().nonnegative(),
  known: z.int().nonnegative(),
  refused: z.array(refusal),
  at: z.int(),
});
export type FramesAnswer = z.infer<typeof framesAnswer>;

export const circleAnswer = z.strictObject({
  patient: patientPseudonym,
  circle: circle.nullable(),
  seats: z.array(seat),
  /** Of the present generation, newest first, at most 100. */
  epochs: z.array(circleEpoch),
  plan: plan.nullable(),
  subjects: z.array(circleSubject),
  /** The organisations' roots; a device that has pinned its own believes those. */
  roots: z.array(z.strictObject({ mspId: z.string(), pem: z.string() })),
  /** The newest epoch of the category `results`, under whose public key the circle's keys are archived; null before there is one. */
  results: storedCategory.nullable(),
});
export type CircleAnswer = z.infer<typeof circleAnswer>;

export const blockAnswer = z.strictObject({ cid, contentHash: hex32 });

/** A frame with the place where it stands here, as `GET /v1/frames` answers them in dag-cbor: `[[seq, frame bytes], …]`. */
export type NumberedFrame = [number, Uint8Array];

/** The device's own signing of ledger transactions: bytes as base64url, as browsers have them (`server/transactions/schema.ts`). */
export const devicePrepared = preparedTransaction.omit({ sagaId: true });
export const deviceProposal = signedProposal.omit({ sagaId: true });
export const deviceEndorsed = endorsedTransaction.omit({ sagaId: true });
export const deviceSubmission = signedTransaction.omit({ sagaId: true });
export const deviceReceipt = receipt.pick({ transactionId: true, channel: true, blockNumber: true });
