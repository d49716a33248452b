import { createHash, timingSafeEqual } from 'node:crypto';
import * as dagPb from '@ipld/dag-pb';
import { create } from 'kubo-rpc-client';
import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { AppError } from '#server/errors.ts';

/** Codecs of blocks: bytes as they are, and nodes above several of them. */
export const blockCodecs = { raw: 0x55, 'dag-pb': dagPb.code } as const;
export type BlockCodec = keyof typeof blockCodecs;
const sha256Code = 0x12;
/** One raw block; larger content would be a tree whose CID says nothing about the hash of the whole. */
export const largestDocument = 256 * 1024;
const deadlineMs = 8_000;

/** Document storage. It only ever sees ciphertext. */
export interface IpfsGateway {
  /** Stores and pins bytes as one raw block and answers the CID. Throws TOO_LARGE, IPFS_UNAVAILABLE, CONTENT_MISMATCH. */
  add(bytes: Uint8Array): Promise<string>;
  /** Stores and pins one block, and what it links to, which must be there. Throws TOO_LARGE, IPFS_UNAVAILABLE, CONTENT_MISMATCH. */
  putBlock(bytes: Uint8Array, codec: BlockCodec): Promise<string>;
  /** Reads a block and checks it against its CID. Throws NOT_FOUND, IPFS_UNAVAILABLE, CONTENT_MISMATCH. */
  readBlock(cid: string): Promise<Uint8Array>;
  /** Takes the pin off a document, which may go then; there may be none. Throws IPFS_UNAVAILABLE. */
  unpin(cid: string): Promise<void>;
  /** Reads a document and checks it against its CID. Throws NOT_FOUND, IPFS_UNAVAILABLE, CONTENT_MISMATCH. */
  read(cid: string): Promise<Uint8Array>;
  /** Throws IPFS_UNAVAILABLE unless the node answers within `deadlineMs`. */
  health(deadlineMs: number): Promise<void>;
}

/** CIDv1 (sha2-256, base32) of a block; raw where no codec is named. */
export function cidOf(bytes: Uint8Array, codec: BlockCodec = 'raw'): string {
  const digest = createDigest(sha256Code, createHash('sha256').update(bytes).digest());
  return CID.createV1(blockCodecs[codec], digest).toString();
}

/** CIDs of the blocks that a block links to, in order; none of a raw block. Throws INVALID_INPUT for another codec. */
export function linksOf(cid: string, bytes: Uint8Array): string[] {
  const { code } = CID.parse(cid);
  if (code === blockCodecs.raw) return [];
  if (code !== blockCodecs['dag-pb']) throw new AppError('INVALID_INPUT', `codec of ${cid}`);
  try {
    return dagPb.decode(bytes).Links.map(({ Hash }) => Hash.toString());
  } catch (cause) {
    throw new AppError('INVALID_INPUT', `${cid} is no node`, { cause });
  }
}

function assertContent(cid: string, bytes: Uint8Array): void {
  const parsed = CID.parse(cid);
  const digest = createHash('sha256').update(bytes).digest();
  const codes: readonly number[] = Object.values(blockCodecs);
  const right =
    codes.includes(parsed.code) &&
    parsed.multihash.code === sha256Code &&
    parsed.multihash.digest.length === digest.length &&
    timingSafeEqual(parsed.multihash.digest, digest);
  if (!right) throw new AppError('CONTENT_MISMATCH', `bytes are not those of ${cid}`);
}

function ipfsFault(error: unknown, doing: string): AppError {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/not found|no such block|block was not found/i.test(text)) {
    return new AppError('NOT_FOUND', `${doing}: ${text}`, { cause: error });
  }
  return new AppError('IPFS_UNAVAILABLE', `${doing}: ${text}`, { cause: error });
}

/** A client of a Kubo RPC endpoint. */
export function openIpfs(apiUrl: string): IpfsGateway {
  const client = create({ url: apiUrl });
  return {
    async add(bytes) {
      if (bytes.length > largestDocument) throw new AppError('TOO_LARGE', `${bytes.length} bytes for one block`);
      const expected = cidOf(bytes);
      try {
        const signal = AbortSignal.timeout(deadlineMs);
        const added = await client.add(bytes, { cidVersion: 1, rawLeaves: true, pin: true, signal });
        if (added.cid.toString() !== expected) throw new AppError('CONTENT_MISMATCH', `storage answered ${added.cid}`);
        return expected;
      } catch (error) {
        throw ipfsFault(error, 'add');
      }
    },

    async putBlock(bytes, codec) {
      if (bytes.length > largestDocument) throw new AppError('TOO_LARGE', `${bytes.length} bytes for one block`);
      const expected = cidOf(bytes, codec);
      try {
        const signal = AbortSignal.timeout(deadlineMs);
        const cid = await client.block.put(bytes, { format: codec, version: 1, pin: true, signal });
        if (cid.toString() !== expected) throw new AppError('CONTENT_MISMATCH', `storage answered ${cid}`);
        return expected;
      } catch (error) {
        throw ipfsFault(error, 'put block');
      }
    },

    async readBlock(cid) {
      try {
        const bytes = await client.block.get(CID.parse(cid), { signal: AbortSignal.timeout(deadlineMs) });
        assertContent(cid, bytes);
        return bytes;
      } catch (error) {
        throw ipfsFault(error, `read block ${cid}`);
      }
    },

    async unpin(cid) {
      try {
        await client.pin.rm(CID.parse(cid), { signal: AbortSignal.timeout(deadlineMs) });
      } catch (error) {
        if (/not pinned/i.test(error instanceof Error ? error.message : '')) return;
        throw ipfsFault(error, `unpin ${cid}`);
      }
    },

    async read(cid) {
      try {
        const parts: Uint8Array[] = [];
        let length = 0;
        for await (const part of client.cat(cid, { signal: AbortSignal.timeout(deadlineMs) })) {
          length += part.length;
          if (length > largestDocument) throw new AppError('CONTENT_MISMATCH', `${cid} is longer than one block`);
          parts.push(part);
        }
        const bytes = Buffer.concat(parts);
        // Kubo ends a stream early and without an error where a block is missing.
        assertContent(cid, bytes);
        return bytes;
      } catch (error) {
        throw ipfsFault(error, `read ${cid}`);
      }
    },

    async health(within) {
      try {
        await client.version({ signal: AbortSignal.timeout(within) });
      } catch (error) {
        throw ipfsFault(error, 'version');
      }
    },
  };
}
