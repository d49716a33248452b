import { z } from 'zod';
import { alertId, alertLevel } from '#chaincode/model/alert.ts';
import { deviceId, patientPseudonym } from '#chaincode/model/identifiers.ts';
import { type Bytes, copyBytes, toHex } from '../bytes.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { sha256 } from '../derive.ts';
import { CryptoError } from '../errors.ts';
import { hashLength, leafHash } from '../merkle.ts';
import { isLowS, signatureLength } from './signature.ts';

/** What a device sends and a batch holds: who, when and how much in the clear, what it is about sealed. DAG-CBOR. */

export const maximumFrame = 65_536;
export const streamLength = 8;
/** So many readings, digests or words about one alert are in a frame. */
export const mostItems = 4_096;
/** A frame does not span more: a digest of a day and an hour for the clock is the longest. */
export const longestSpanMs = 31 * 86_400_000;

export const frameKinds = ['readings', 'hour', 'day', 'alert'] as const;
export type FrameKind = (typeof frameKinds)[number];

const bytesOf = (least: number, most = least) =>
  z
    .instanceof(Uint8Array)
    .refine(({ length }) => least <= length && length <= most)
    .transform(copyBytes);
const count = z.int().nonnegative();
/** Milliseconds since 1970, before the year 10000, so that every frame's times have an ISO 8601 form. */
const instant = z.int().nonnegative().max(253_402_300_799_999);

const headShape = z.strictObject({
  v: z.literal(1),
  /** Patient and device. */
  p: patientPseudonym,
  d: deviceId,
  /** Stream: random, a new one where a device has lost its count. */
  s: bytesOf(streamLength),
  /** From 1 without gaps in its stream. */
  n: count.min(1),
  /** Generation and epoch of the circle. */
  g: count,
  e: count,
  k: z.enum(frameKinds),
  /** How many items are sealed in it. */
  c: count.min(1).max(mostItems),
  f: instant,
  t: instant,
  /** Root of the tree over the items. */
  r: bytesOf(hashLength),
  a: z.strictObject({ id: alertId, level: alertLevel, escalateAfter: z.int().min(30).max(86_400) }).optional(),
});
const isHead = ({ k, a, f, t }: z.infer<typeof headShape>) =>
  (k === 'alert') === (a !== undefined) && f <= t && t - f <= longestSpanMs;

const signature = bytesOf(signatureLength).refine(isLowS);
const frameShape = headShape.extend({ x: bytesOf(17, maximumFrame), q: signature }).refine(isHead);
/** With the hash of the ciphertext in its place: enough to check a signature, and of fixed size in a proof. */
const signedShape = headShape.extend({ x: bytesOf(hashLength) }).refine(isHead);

export type FrameHead = z.infer<typeof headShape>;
export type Frame = z.infer<typeof frameShape>;
export type AlertHead = NonNullable<FrameHead['a']>;

export const encodeFrame = (frame: Frame): Bytes => encodeCbor(frame);

/** Reads a frame and checks all that needs no key; throws `FRAME_MALFORMED`. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const parsed = frameShape.safeParse(decodeCbor(bytes, maximumFrame, 'FRAME_MALFORMED'));
  if (!parsed.success) throw new CryptoError('FRAME_MALFORMED', placeOf(parsed.error), { cause: parsed.error });
  return parsed.data;
}

/** What a frame's seal is bound to: everything that is in the clear. */
export function headBytes({ x: _sealed, q: _signature, ...head }: Frame): Bytes {
  return encodeCbor(head);
}

/** What the device signs: all fields but the signature, the ciphertext by its SHA-256. */
export function signedBytes({ x, q: _signature, ...head }: Omit<Frame, 'q'> & { q?: Bytes }): Bytes {
  return encodeCbor({ ...head, x: sha256(x) });
}

/** Reads what `signedBytes` makes; throws `PROOF_REFUSED`. */
export function readSigned(bytes: Uint8Array): FrameHead {
  const parsed = signedShape.safeParse(decodeCbor(bytes, maximumFrame, 'PROOF_REFUSED'));
  if (!parsed.success) throw new CryptoError('PROOF_REFUSED', placeOf(parsed.error), { cause: parsed.error });
  return parsed.data;
}

/** A frame's name: its leaf in the batch's tree. */
export const frameHash = (frame: Frame): Bytes => hashOfSigned(signedBytes(frame), frame.q);
export const hashOfSigned = (signed: Uint8Array, q: Uint8Array): Bytes => leafHash(signed, q);
/** As the ledger names the frame of an alert. */
export const frameHashHex = (frame: Frame): string => toHex(frameHash(frame));

const placeOf = ({ issues: [first] }: z.ZodError) => `field ${first?.path.join('.') ?? ''}`;
