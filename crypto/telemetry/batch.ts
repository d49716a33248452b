import { z } from 'zod';
import type { Batch } from '#chaincode/model/telemetry.ts';
import { type Bytes, concat, copyBytes, equalBytes, toBase32, toHex, utf8 } from '../bytes.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { sha256 } from '../derive.ts';
import { cidOf, contentHashOf } from '../envelope.ts';
import { CryptoError } from '../errors.ts';
import { merkleRoot } from '../merkle.ts';
import { decodeFrame, type Frame, frameHash } from './frame.ts';

/** Frames of one patient and epoch, as they lie on IPFS: one raw block. */
export const maximumBatch = 262_144;
/** What the block has beside its frames, at most. */
const frameOverhead = 5;
const batchOverhead = 32;
const mostStreams = 64;

const blockShape = z.strictObject({ v: z.literal(1), frames: z.array(z.instanceof(Uint8Array)).min(1) });

export interface SealedBatch {
  /** What the ledger is told of it. */
  batch: Batch;
  bytes: Bytes;
  /** Hex SHA-256 of `bytes`. */
  contentHash: string;
}

interface Numbered {
  bytes: Bytes;
  frame: Frame;
}

/**
 * Puts frames together, in their order of device, stream and number. The id is a hash of the content: who does it again comes
 * to the same. Throws `BATCH_MALFORMED` for frames of several patients or epochs, and gaps in a stream; `BATCH_TOO_LARGE`.
 */
export function batchOf(frames: readonly Uint8Array[]): SealedBatch {
  const sorted = frames.map((bytes) => ({ bytes: copyBytes(bytes), frame: decodeFrame(bytes) })).sort(inOrder);
  const bytes = encodeCbor({ v: 1, frames: sorted.map((each) => each.bytes) });
  if (bytes.length > maximumBatch) throw new CryptoError('BATCH_TOO_LARGE', `${bytes.length} bytes`);
  const own = sorted.map(({ frame }) => frame);
  const { p: patient, g: generation, e: epoch } = requireOneEpoch(own);
  const cid = cidOf(bytes);
  const batch: Batch = {
    id: batchIdOf(patient, bytes),
    ...{ patient, generation, epoch, cid },
    root: toHex(merkleRoot(own.map(frameHash))),
    frames: own.length,
    readings: own.reduce((sum, { k, c }) => (k === 'readings' ? sum + c : sum), 0),
    from: new Date(own.reduce((least, { f }) => Math.min(least, f), Number.POSITIVE_INFINITY)).toISOString(),
    to: new Date(own.reduce((most, { t }) => Math.max(most, t), 0)).toISOString(),
    streams: streamsOf(own),
  };
  return { batch, bytes, contentHash: contentHashOf(bytes) };
}

/**
 * Frames in as few batches as they fit, in the order in which the ledger takes them: those of a patient and epoch together, earlier
 * epochs first, each stream in its order; a gap in one begins another batch. Frames may come in any order. Throws
 * `FRAME_MALFORMED`.
 */
export function batchesOf(frames: readonly Uint8Array[]): SealedBatch[] {
  const sorted = frames.map((bytes) => ({ bytes: copyBytes(bytes), frame: decodeFrame(bytes) })).sort(inOrder);
  const circles = Map.groupBy(sorted, ({ frame: { p, g, e } }) => `${p}/${g}/${e}`);
  const inTime = [...circles.values()].sort(([one], [other]) => placeOf(one) - placeOf(other));
  return inTime.flatMap((all) => partsOf(all).map((part) => batchOf(part.map(({ bytes }) => bytes))));
}

/**
 * Reads a block and checks it against what the ledger says, as whoever made it should have: order, root and count. Throws
 * `BATCH_MALFORMED`, `FRAME_MALFORMED`.
 */
export function readBatch(
  batch: Pick<Batch, 'id' | 'cid' | 'root' | 'frames' | 'patient' | 'generation' | 'epoch'>,
  bytes: Uint8Array,
): { frames: Frame[]; leaves: Bytes[] } {
  const parsed = blockShape.safeParse(decodeCbor(bytes, maximumBatch, 'BATCH_MALFORMED'));
  if (!parsed.success) throw new CryptoError('BATCH_MALFORMED', 'block', { cause: parsed.error });
  const frames = parsed.data.frames.map(decodeFrame);
  const { p, g, e } = requireOneEpoch(frames);
  streamsOf(frames);
  const leaves = frames.map(frameHash);
  const isIt = [
    ...[p === batch.patient, g === batch.generation, e === batch.epoch, frames.length === batch.frames],
    ...[batchIdOf(p, bytes) === batch.id, cidOf(bytes) === batch.cid, toHex(merkleRoot(leaves)) === batch.root],
    frames.every((frame, at) => at === 0 || compare(frames[at - 1] ?? frame, frame) < 0),
  ];
  if (isIt.includes(false)) throw new CryptoError('BATCH_MALFORMED', 'another batch');
  return { frames, leaves };
}

/** `tb-<channel>-` and 130 bits of a hash of the block; the channel is the patient's. */
export function batchIdOf(patient: string, block: Uint8Array): string {
  const [, channel] = patient.split('-');
  return `tb-${channel}-${toBase32(sha256(concat(utf8('medloom/telemetry/batch/v1'), sha256(block)))).slice(0, 26)}`;
}

function requireOneEpoch([first, ...others]: readonly Frame[]): Frame {
  if (first === undefined) throw new CryptoError('BATCH_MALFORMED', 'empty');
  if (others.some(({ p, g, e }) => p !== first.p || g !== first.g || e !== first.e)) {
    throw new CryptoError('BATCH_MALFORMED', 'several patients or epochs');
  }
  return first;
}

function streamsOf(frames: readonly Frame[]): Batch['streams'] {
  const streams: Batch['streams'] = [];
  for (const { d: device, s, n } of frames) {
    const stream = toHex(s);
    const last = streams.at(-1);
    if (last === undefined || last.device !== device || last.stream !== stream) {
      streams.push({ device, stream, first: n, last: n });
    } else if (n === last.last + 1) last.last = n;
    else throw new CryptoError('BATCH_MALFORMED', `${device} ${stream}: ${n} after ${last.last}`);
  }
  if (streams.length > mostStreams) throw new CryptoError('BATCH_TOO_LARGE', `${streams.length} streams`);
  return streams;
}

/** Generations and epochs as one number: no circle has a million epochs. */
const placeOf = (numbered: Numbered | undefined) =>
  numbered === undefined ? 0 : numbered.frame.g * 1_000_000 + numbered.frame.e;

function partsOf(sorted: readonly Numbered[]): Numbered[][] {
  const parts: { frames: Numbered[]; size: number; streams: Map<string, number> }[] = [];
  for (const each of sorted) {
    const stream = `${each.frame.d} ${toHex(each.frame.s)}`;
    const size = each.bytes.length + frameOverhead;
    const last = parts.at(-1);
    const fits =
      last !== undefined &&
      last.size + size <= maximumBatch &&
      (last.streams.get(stream) === each.frame.n - 1 || (!last.streams.has(stream) && last.streams.size < mostStreams));
    if (fits) {
      last.frames.push(each);
      last.size += size;
      last.streams.set(stream, each.frame.n);
    } else parts.push({ frames: [each], size: batchOverhead + size, streams: new Map([[stream, each.frame.n]]) });
  }
  return parts.map(({ frames }) => frames);
}

const inOrder = (left: Numbered, right: Numbered) => compare(left.frame, right.frame);

function compare(left: Frame, right: Frame): number {
  if (left.d !== right.d) return left.d < right.d ? -1 : 1;
  if (!equalBytes(left.s, right.s)) return toHex(left.s) < toHex(right.s) ? -1 : 1;
  return left.n - right.n;
}
