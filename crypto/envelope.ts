import { nonceLength, openBytes, sealBytes, tagLength } from './aead.ts';
import { type Bytes, concat, equalBytes, toBase32, utf8 } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import { deriveKey, requireLength, sha256, sha256Hex } from './derive.ts';
import { CryptoError } from './errors.ts';

/** Version byte ‖ 32 bytes key commitment ‖ 12 bytes nonce ‖ ciphertext and tag. */
const formatVersion = 1;
const commitmentLength = 32;
const headerLength = 1 + commitmentLength;

/** A document's ciphertext fits one raw IPFS block, so that its CID is the hash of the bytes. */
export const maximumEnvelope = 262_144;

/** What the ciphertext is bound to: moved to another document, version or author, it does not open. */
export interface DocumentContext {
  documentId: string;
  version: number;
  author: string;
}

export interface SealedDocument {
  bytes: Bytes;
  /** Hex SHA-256 of `bytes`. */
  contentHash: string;
  /** CIDv1, raw, SHA-256, base32. */
  cid: string;
}

const associatedData = ({ documentId, version, author }: DocumentContext) =>
  utf8(canonicalJson({ documentId, version, author }));
const encryptionKey = (dataKey: Uint8Array) => deriveKey(dataKey, 'medloom/envelope/key/v1');
/** What the header says of the data key: nobody else's key opens the document to something else. */
export const keyCommitment = (dataKey: Uint8Array): Bytes => deriveKey(dataKey, 'medloom/envelope/commitment/v1');

/** Encrypts a document under `dataKey` (32 bytes) with a commitment to that key. Throws `ENVELOPE_TOO_LARGE`. */
export async function sealDocument(
  dataKey: Uint8Array,
  context: DocumentContext,
  plaintext: Uint8Array,
): Promise<SealedDocument> {
  requireLength(dataKey, 32, 'data key');
  if (plaintext.length > maximumEnvelope - headerLength - nonceLength - tagLength) {
    throw new CryptoError('ENVELOPE_TOO_LARGE', `${plaintext.length} bytes`);
  }
  const sealed = await sealBytes(encryptionKey(dataKey), plaintext, associatedData(context));
  const bytes = concat(Uint8Array.of(formatVersion), keyCommitment(dataKey), sealed);
  return { bytes, contentHash: contentHashOf(bytes), cid: cidOf(bytes) };
}

/**
 * Opens a sealed document. Throws `ENVELOPE_MALFORMED`, `WRONG_KEY` (the key is not the committed one) or
 * `ALTERED` (bytes or context differ).
 */
export async function openDocument(dataKey: Uint8Array, context: DocumentContext, bytes: Uint8Array): Promise<Bytes> {
  requireLength(dataKey, 32, 'data key');
  if (bytes.length > maximumEnvelope) throw new CryptoError('ENVELOPE_TOO_LARGE', `${bytes.length} bytes`);
  if (bytes.length < headerLength + nonceLength + tagLength || bytes[0] !== formatVersion) {
    throw new CryptoError('ENVELOPE_MALFORMED');
  }
  if (!equalBytes(bytes.subarray(1, headerLength), keyCommitment(dataKey))) throw new CryptoError('WRONG_KEY');
  return openBytes(encryptionKey(dataKey), bytes.subarray(headerLength), associatedData(context), 'ALTERED');
}

/** Hex SHA-256 of the encrypted bytes, as the ledger records it. */
export const contentHashOf = (bytes: Uint8Array): string => sha256Hex(bytes);

/** The CID of the bytes as one raw block: CIDv1, codec raw (0x55), multihash sha2-256 (0x12, 32 bytes). */
export const cidOf = (bytes: Uint8Array): string =>
  `b${toBase32(concat(Uint8Array.of(1, 0x55, 0x12, 32), sha256(bytes)))}`;

/** Throws `ALTERED` unless the bytes are those that the ledger recorded. */
export function requireContent(bytes: Uint8Array, expected: { cid: string; contentHash: string }): void {
  if (contentHashOf(bytes) !== expected.contentHash || cidOf(bytes) !== expected.cid) {
    throw new CryptoError('ALTERED', 'the stored bytes are not those on the ledger');
  }
}
