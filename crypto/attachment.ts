import { createSHA256 } from 'hash-wasm';
import type { Bytes } from './bytes.ts';
import {
  type AttachmentContent,
  chunkCount,
  chunkRange,
  createChunkKey,
  maximumAttachment,
  mostChunks,
  openChunk,
  sealChunk,
} from './chunks.ts';
import { type Block, dagOf, type Leaf, leafBlock, readLeaves, requireBlock } from './dag.ts';
import { CryptoError } from './errors.ts';

/** An encrypted file of a document. What a reader must know of it stands in the document's DocumentReference. */
export interface Attachment extends AttachmentContent {
  /** Bytes of the content. */
  size: number;
  /** CID of the root of its sealed chunks. */
  root: string;
}

const hashedAtOnce = 4 * 1024 * 1024;

/** Hex SHA-256 of a file, read in pieces. Throws `CHUNK_COUNT` for more than 200 MiB. */
export async function hashContent(content: Blob): Promise<string> {
  if (content.size > maximumAttachment) throw new CryptoError('CHUNK_COUNT', `${content.size} bytes`);
  const hash = await createSHA256();
  for (let at = 0; at < content.size; at += hashedAtOnce) {
    hash.update(new Uint8Array(await content.slice(at, at + hashedAtOnce).arrayBuffer()));
  }
  return hash.digest('hex');
}

/**
 * Seals a file: yields the block of each chunk in order and then those above them, one when the next is asked for, so that
 * whoever takes them can pause; returns what the document says of it. The same file under the same key gives the same blocks,
 * so that a broken upload goes on where it was. A file that changed meanwhile is refused as `ALTERED`.
 */
export async function* sealAttachment(
  dataKey: Uint8Array,
  content: Blob,
  described: AttachmentContent,
): AsyncGenerator<Block, Attachment> {
  const key = await createChunkKey(dataKey, described);
  const hash = await createSHA256();
  const count = chunkCount(content.size);
  const leaves: Leaf[] = [];
  for (let index = 0; index < count; index += 1) {
    const { start, end } = chunkRange(index, content.size);
    const plain = new Uint8Array(await content.slice(start, end).arrayBuffer());
    hash.update(plain);
    const last = index === count - 1;
    // Before the last chunk leaves, so that nothing whole exists under a key that is another content's.
    if (last && hash.digest('hex') !== described.hash) throw new CryptoError('ALTERED', 'the file changed meanwhile');
    const block = await leafBlock(await sealChunk(key, { index, last }, plain));
    leaves.push({ cid: block.cid, size: block.bytes.length });
    yield block;
  }
  const { root, nodes } = await dagOf(leaves);
  yield* nodes;
  return { ...described, size: content.size, root };
}

const fetchedAtOnce = 8;

/**
 * Opens an attachment, chunk by chunk as asked for. Every block is compared with its CID, every chunk opened at its place and
 * the whole compared with size and hash. Throws `ALTERED`, `WRONG_KEY`, `ENVELOPE_MALFORMED`, `CHUNK_COUNT`; `detail` says where.
 */
export async function* openAttachment(
  dataKey: Uint8Array,
  attachment: Attachment,
  get: (cids: string[]) => Promise<Uint8Array[]>,
): AsyncGenerator<Bytes> {
  const key = await createChunkKey(dataKey, attachment);
  const leaves = await readLeaves(attachment.root, get, mostChunks);
  const hash = await createSHA256();
  let size = 0;
  for (let from = 0; from < leaves.length; from += fetchedAtOnce) {
    const cids = leaves.slice(from, from + fetchedAtOnce);
    const blocks = await get(cids);
    for (const [at, cid] of cids.entries()) {
      const index = from + at;
      const sealed = blocks[at] ?? new Uint8Array();
      await requireBlock(cid, sealed).catch((cause: unknown) => {
        throw new CryptoError('ALTERED', `chunk ${index}`, { cause });
      });
      const plain = await openChunk(key, { index, last: index === leaves.length - 1 }, sealed);
      hash.update(plain);
      size += plain.length;
      yield plain;
    }
  }
  if (leaves.length !== chunkCount(attachment.size)) throw new CryptoError('CHUNK_COUNT', `${leaves.length}`);
  if (size !== attachment.size || hash.digest('hex') !== attachment.hash) throw new CryptoError('ALTERED', 'the file');
}
