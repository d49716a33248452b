import { tagLength } from './aead.ts';
import { type Bytes, concat, copyBytes, equalBytes, fromHex } from './bytes.ts';
import { deriveKey, requireLength } from './derive.ts';
import { maximumEnvelope } from './envelope.ts';
import { CryptoError } from './errors.ts';

/**
 * A file in chunks that are sealed one by one (STREAM: Hoang, Reyhanitabar, Rogaway, Vizár, “Online Authenticated-Encryption
 * and its Nonce-Reuse Misuse-Resistance”, 2015, with AES-256-GCM). Each chunk's nonce says its place and whether it is the
 * last, so that a chunk changed, moved, left out or added is refused; each can be sealed again alone, to the same bytes.
 *
 * A nonce must never serve two contents under one key. So the key comes from the document's data key, the attachment's place
 * and the hash of the whole content: another content has another key, also after a pause in which the file was changed.
 */

const formatVersion = 1;
const commitmentLength = 32;
const headerLength = 1 + commitmentLength;

/** Bytes of content in every chunk but the last, so that each fits one raw block together with the first one's header. */
export const chunkContent = maximumEnvelope - headerLength - tagLength;
/** 200 MiB. */
export const maximumAttachment = 209_715_200;
export const mostChunks = Math.ceil(maximumAttachment / chunkContent);

export interface ChunkKey {
  key: CryptoKey;
  commitment: Bytes;
}

/** Which attachment of a document it is, from 0, and the hex SHA-256 of its whole content. */
export interface AttachmentContent {
  index: number;
  hash: string;
}

export async function createChunkKey(dataKey: Uint8Array, { index, hash }: AttachmentContent): Promise<ChunkKey> {
  const secret = requireLength(dataKey, 32, 'data key');
  const salt = requireLength(fromHex(hash), 32, 'content hash');
  const raw = deriveKey(secret, `medloom/attachment/${index}/key/v1`, { salt });
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  raw.fill(0);
  return { key, commitment: deriveKey(secret, `medloom/attachment/${index}/commitment/v1`, { salt }) };
}

/** How many chunks a content of `size` bytes has; an empty one has one. */
export const chunkCount = (size: number): number => Math.max(1, Math.ceil(size / chunkContent));

/** Where a chunk's content begins and ends in the whole. */
export const chunkRange = (index: number, size: number) => ({
  start: index * chunkContent,
  end: Math.min(size, (index + 1) * chunkContent),
});

/** Seven zero bytes ‖ place, 4 bytes ‖ 1 for the last chunk. */
function nonceOf(index: number, last: boolean): Bytes {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, index);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

export async function sealChunk(
  { key, commitment }: ChunkKey,
  place: { index: number; last: boolean },
  content: Uint8Array,
): Promise<Bytes> {
  const fits = content.length === chunkContent || (place.last && content.length < chunkContent);
  if (!fits || place.index >= mostChunks) throw new CryptoError('CHUNK_COUNT', `chunk ${place.index}`);
  const parameters = { name: 'AES-GCM', iv: nonceOf(place.index, place.last) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters, key, copyBytes(content)));
  return place.index === 0 ? concat(Uint8Array.of(formatVersion), commitment, sealed) : sealed;
}

/** Opens a chunk at its place. Throws `WRONG_KEY`, `ENVELOPE_MALFORMED` or `ALTERED`, with the chunk in `detail`. */
export async function openChunk(
  { key, commitment }: ChunkKey,
  place: { index: number; last: boolean },
  sealed: Uint8Array,
): Promise<Bytes> {
  const detail = `chunk ${place.index}`;
  const header = place.index === 0 ? headerLength : 0;
  const sealedLength = sealed.length - header - tagLength;
  if (sealedLength < 0 || sealedLength > chunkContent) throw new CryptoError('ENVELOPE_MALFORMED', detail);
  if (place.index === 0) {
    if (sealed[0] !== formatVersion) throw new CryptoError('ENVELOPE_MALFORMED', detail);
    if (!equalBytes(sealed.subarray(1, headerLength), commitment)) throw new CryptoError('WRONG_KEY', detail);
  }
  const parameters = { name: 'AES-GCM', iv: nonceOf(place.index, place.last) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, copyBytes(sealed.subarray(header))));
  } catch (cause) {
    throw new CryptoError('ALTERED', detail, { cause });
  }
}
