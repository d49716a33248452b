import { createHash } from 'node:crypto';
import { blake2b } from '@noble/hashes/blake2.js';
import type { CID } from 'multiformats/cid';
import * as Digest from 'multiformats/hashes/digest';

interface Hash {
  code: number;
  digest: (bytes: Uint8Array) => Uint8Array;
}

const node =
  (name: string) =>
  (bytes: Uint8Array): Uint8Array =>
    createHash(name).update(bytes).digest();

/** The multihash functions that blocks may carry, by their multicodec names. */
const hashes: Record<string, Hash> = {
  identity: { code: 0x00, digest: (bytes) => bytes },
  sha1: { code: 0x11, digest: node('sha1') },
  'sha2-256': { code: 0x12, digest: node('sha256') },
  'sha2-512': { code: 0x13, digest: node('sha512') },
  'sha3-512': { code: 0x14, digest: node('sha3-512') },
  'sha3-256': { code: 0x16, digest: node('sha3-256') },
  'blake2b-256': { code: 0xb220, digest: (bytes) => blake2b(bytes, { dkLen: 32 }) },
};

const byCode = new Map(Object.values(hashes).map((hash) => [hash.code, hash]));

/** The multihash of `bytes` by a function's name; undefined when the function is unknown. */
export function digestNamed(name: string, bytes: Uint8Array): Digest.Digest<number, number> | undefined {
  const hash = Object.hasOwn(hashes, name) ? hashes[name] : undefined;
  return hash && Digest.create(hash.code, hash.digest(bytes));
}

/** Whether `bytes` are what the CID names. False as well when its hash function is unknown: nothing unverified is served. */
export function matches(cid: CID, bytes: Uint8Array): boolean {
  const hash = byCode.get(cid.multihash.code);
  return hash !== undefined && Buffer.compare(hash.digest(bytes), cid.multihash.digest) === 0;
}

export const identityCode = 0x00;
