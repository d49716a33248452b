import type { IndexHead } from '#chaincode/model/healthRecord.ts';
import { indexStatement } from '#chaincode/model/statements.ts';
import { type Bytes, concat, copyBytes } from './bytes.ts';
import { type CategoryKey, epochName } from './categoryKey.ts';
import { deriveKey } from './derive.ts';
import { openDocument, requireContent, type SealedDocument, sealDocument } from './envelope.ts';
import { CryptoError } from './errors.ts';
import { signStatement } from './statement.ts';

/**
 * The encrypted index of a category: a head that is read first, and segments that it names. Compressed, then sealed under a key
 * that comes from the category's seed; each is one raw block. A segment stays while heads are replaced.
 */

/** What comes out of a block at the most, so that a few bytes cannot fill a reader's memory. */
const maximumContent = 16 * 1024 * 1024;

const indexKey = (key: CategoryKey) => deriveKey(key.seed, 'medloom/record/index/v1');
const headContext = (key: CategoryKey, version: number, by: string) => ({
  documentId: `${epochName(key)}/index`,
  version,
  author: by,
});
const segmentContext = (key: CategoryKey) => ({
  documentId: `${epochName(key)}/segment`,
  version: 1,
  author: key.patient,
});

export interface ComposedIndex {
  head: IndexHead;
  sealed: SealedDocument;
}

/** Seals and signs the next version of a head. Throws `ENVELOPE_TOO_LARGE`. */
export async function composeIndex(
  signingKey: CryptoKey,
  key: CategoryKey,
  input: { version: number; by: string; content: Uint8Array; segments: string[] },
): Promise<ComposedIndex> {
  const { version, by, segments } = input;
  const sealed = await sealDocument(indexKey(key), headContext(key, version, by), await compress(input.content));
  const { category, epoch, patient } = key;
  const unsigned = { category, epoch, version, cid: sealed.cid, contentHash: sealed.contentHash, segments };
  const signature = await signStatement(signingKey, indexStatement(patient, by, unsigned));
  return { head: { ...unsigned, signature }, sealed };
}

/** Opens a head whose statement was checked. Throws `ALTERED`, `WRONG_KEY`, `ENVELOPE_MALFORMED`. */
export async function openHead(key: CategoryKey, head: IndexHead & { by: string }, bytes: Uint8Array): Promise<Bytes> {
  requireContent(bytes, head);
  return expand(await openDocument(indexKey(key), headContext(key, head.version, head.by), bytes));
}

/** Throws `ENVELOPE_TOO_LARGE`. */
export async function sealSegment(key: CategoryKey, content: Uint8Array): Promise<SealedDocument> {
  return sealDocument(indexKey(key), segmentContext(key), await compress(content));
}

/** Opens a segment that a head names, with the key of the epoch in which it was sealed; its bytes were compared with its CID. */
export async function openSegment(key: CategoryKey, bytes: Uint8Array): Promise<Bytes> {
  return expand(await openDocument(indexKey(key), segmentContext(key), bytes));
}

async function compress(content: Uint8Array): Promise<Bytes> {
  return through(new CompressionStream('gzip'), content, Number.POSITIVE_INFINITY);
}

async function expand(compressed: Uint8Array): Promise<Bytes> {
  try {
    return await through(new DecompressionStream('gzip'), compressed, maximumContent);
  } catch (cause) {
    if (cause instanceof CryptoError) throw cause;
    throw new CryptoError('ENVELOPE_MALFORMED', 'compression', { cause });
  }
}

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array,
  most: number,
): Promise<Bytes> {
  const reader = new Blob([copyBytes(bytes)]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concat(...parts);
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new CryptoError('ENVELOPE_TOO_LARGE', `more than ${most} bytes`);
    }
    parts.push(value);
  }
}
