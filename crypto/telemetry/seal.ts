import { z } from 'zod';
import { type Bytes, concat, copyBytes, equalBytes, toHex, utf8, wipe } from '../bytes.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { deriveBytes, requireLength, sha256 } from '../derive.ts';
import { CryptoError } from '../errors.ts';
import { leafHash, merkleRoot } from '../merkle.ts';
import {
  type AlertHead,
  decodeFrame,
  encodeFrame,
  type Frame,
  type FrameHead,
  type FrameKind,
  frameHash,
  headBytes,
  maximumFrame,
  signedBytes,
} from './frame.ts';
import type { FrameSigner, FrameVerifier } from './signature.ts';

/** What a frame is made of. */
export interface FrameContent {
  patient: string;
  device: string;
  /** 8 random bytes; others as soon as it is not certain which number was the last. */
  stream: Uint8Array;
  number: number;
  generation: number;
  epoch: number;
  kind: FrameKind;
  /** Milliseconds since 1970; everything in it lies between, both included. */
  from: number;
  to: number;
  /** DAG-CBOR values, as `monitoring/` spells them; their times count from `from`. */
  items: readonly unknown[];
  /** Of an alert, and of nothing else. */
  alert?: AlertHead;
}

export interface SealedFrame {
  frame: Frame;
  bytes: Bytes;
  /** See `frameHash`. */
  hash: Bytes;
}

const keyInfo = utf8('medloom/telemetry/frame/v1');
const keyLength = 32;
const nonceLength = 12;
export const saltLength = 16;

/**
 * Seals items under the epoch's key and signs the frame. Key and nonce come from the whole head but the root: a number that is
 * used twice by mistake, with other times, is no nonce that is. Throws `FRAME_MALFORMED` for what nobody would take.
 */
export async function sealFrame(
  circleKey: Uint8Array,
  { patient, device, stream, number, generation, epoch, kind, from, to, items, alert }: FrameContent,
  sign: FrameSigner,
): Promise<SealedFrame> {
  const rootless: Rootless = {
    ...{ v: 1, p: patient, d: device, s: copyBytes(stream), n: number, g: generation, e: epoch, k: kind },
    ...{ c: items.length, f: from, t: to, ...(alert !== undefined && { a: alert }) },
  };
  const secrets = secretsOf(circleKey, rootless);
  const encoded = items.map(encodeCbor);
  const { leaves } = leavesOf(secrets, encoded);
  if (leaves.length === 0) throw new CryptoError('FRAME_MALFORMED', 'field c');
  const unsealed = { ...rootless, r: merkleRoot(leaves), x: new Uint8Array(), q: new Uint8Array() };
  const key = await crypto.subtle.importKey('raw', secrets.key, 'AES-GCM', false, ['encrypt']);
  const parameters = { name: 'AES-GCM', iv: secrets.nonce, additionalData: headBytes(unsealed) };
  const x = new Uint8Array(await crypto.subtle.encrypt(parameters, key, encodeCbor(items)));
  wipe(secrets.key, secrets.salt);
  const unsigned = { ...unsealed, x };
  const signature = copyBytes(await sign(signedBytes(unsigned)));
  const bytes = encodeFrame({ ...unsigned, q: signature });
  // Read as everybody else reads it: what they would refuse must not take up a number.
  const frame = decodeFrame(bytes);
  return { frame, bytes, hash: frameHash(frame) };
}

/** Throws `FRAME_FOREIGN` unless the device whose key the verifier has signed the frame. */
export async function verifyFrame(frame: Frame, verify: FrameVerifier): Promise<void> {
  if (!(await verify(signedBytes(frame), frame.q))) throw new CryptoError('FRAME_FOREIGN', frame.d);
}

export interface OpenedFrame {
  items: unknown[];
  /** As they stand in the frame, and what makes their leaves: see `proveReading`. */
  encoded: Bytes[];
  salts: Bytes[];
  leaves: Bytes[];
}

/** Opens a frame with its epoch's key. Throws `FRAME_SEALED` for another key and any change, also one of the header. */
export async function openFrame(circleKey: Uint8Array, frame: Frame): Promise<OpenedFrame> {
  const { x, q: _signature, r, ...rootless } = frame;
  const secrets = secretsOf(circleKey, rootless);
  try {
    const items = itemsOf(await decrypt(secrets, x, headBytes(frame)), frame);
    const encoded = items.map(encodeCbor);
    const { salts, leaves } = leavesOf(secrets, encoded);
    if (!equalBytes(merkleRoot(leaves), r)) throw new CryptoError('FRAME_SEALED', 'root');
    return { items, encoded, salts, leaves };
  } finally {
    wipe(secrets.key, secrets.salt);
  }
}

/** Of which bytes an item's leaf is the hash. */
export const itemLeaf = (salt: Uint8Array, encoded: Uint8Array): Bytes => leafHash(salt, encoded);

type Rootless = Omit<FrameHead, 'r'>;
interface Secrets {
  key: Bytes;
  nonce: Bytes;
  /** From it come the salts of the items. */
  salt: Bytes;
}

function secretsOf(circleKey: Uint8Array, rootless: Rootless): Secrets {
  const info = concat(keyInfo, sha256(encodeCbor(rootless)));
  const length = 2 * keyLength + nonceLength;
  const derived = deriveBytes(requireLength(circleKey, keyLength, 'circle key'), info, length);
  const key = derived.slice(0, keyLength);
  const nonce = derived.slice(keyLength, keyLength + nonceLength);
  const salt = derived.slice(keyLength + nonceLength);
  wipe(derived);
  return { key, nonce, salt };
}

/** A salt is secret until its item is shown: a hash of a secret of fixed length and the item's place. */
function leavesOf({ salt }: Secrets, encoded: readonly Bytes[]): { salts: Bytes[]; leaves: Bytes[] } {
  const salts = encoded.map((_, index) => {
    const place = new Uint8Array(4);
    new DataView(place.buffer).setUint32(0, index);
    return sha256(concat(salt, place)).slice(0, saltLength);
  });
  return { salts, leaves: encoded.map((item, index) => itemLeaf(salts[index] ?? new Uint8Array(), item)) };
}

async function decrypt({ key, nonce }: Secrets, x: Bytes, additionalData: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData }, imported, x));
  } catch (cause) {
    throw new CryptoError('FRAME_SEALED', '', { cause });
  }
}

function itemsOf(plain: Bytes, { c, d, s, n }: Frame): unknown[] {
  const items = z.array(z.unknown()).safeParse(decodeCbor(plain, maximumFrame, 'FRAME_SEALED'));
  if (!items.success || items.data.length !== c) throw new CryptoError('FRAME_SEALED', `${d} ${toHex(s)} ${n}: items`);
  return items.data;
}
