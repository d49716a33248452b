import { type Bytes, concat, equalBytes } from './bytes.ts';
import { sha256 } from './derive.ts';
import { CryptoError } from './errors.ts';

/**
 * Hash trees of the shape of RFC 9162, section 2.1, over SHA-256: what a leaf is, its own hash says (`leafHash`), and the two
 * kinds of node never have the same hash.
 */

export const hashLength = 32;
const leafMark = Uint8Array.of(0);
const nodeMark = Uint8Array.of(1);

export const leafHash = (...content: Uint8Array[]): Bytes => sha256(concat(leafMark, ...content));
/** Hash of a node over its two children. */
export const nodeHash = (left: Uint8Array, right: Uint8Array) => sha256(concat(nodeMark, left, right));

/** How many of a node's leaves are to the left: the greatest power of two below `size`, which is at least 2. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Hash of the tree of at least one leaf. */
export function merkleRoot(leaves: readonly Bytes[]): Bytes {
  const [only] = leaves;
  if (only === undefined) throw new RangeError('A tree has at least one leaf');
  if (leaves.length === 1) return only;
  const split = splitOf(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
}

/** The hashes beside the way from a leaf to the root, from below. */
export function merklePath(leaves: readonly Bytes[], index: number): Bytes[] {
  if (!(index >= 0 && index < leaves.length)) throw new RangeError(`No leaf ${index} of ${leaves.length}`);
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...merklePath(left, index), merkleRoot(right)]
    : [...merklePath(right, index - split), merkleRoot(left)];
}

/** Throws `PROOF_REFUSED` unless the leaf is that of the index in the tree of `size` leaves with that root. */
export function requireInTree(
  leaf: Bytes,
  { index, size, path, root }: { index: number; size: number; path: readonly Bytes[]; root: Uint8Array },
  what: string,
): void {
  const reached =
    Number.isSafeInteger(index) && index >= 0 && index < size ? rootBy(leaf, index, size, path) : undefined;
  if (reached === undefined || !equalBytes(reached, root)) throw new CryptoError('PROOF_REFUSED', what);
}

/** Undefined where the path has another length than the tree has there. */
function rootBy(leaf: Bytes, index: number, size: number, path: readonly Bytes[]): Bytes | undefined {
  if (size === 1) return path.length === 0 ? leaf : undefined;
  const beside = path.at(-1);
  if (beside === undefined) return undefined;
  const split = splitOf(size);
  const below = path.slice(0, -1);
  if (index < split) {
    const left = rootBy(leaf, index, split, below);
    return left && nodeHash(left, beside);
  }
  const right = rootBy(leaf, index - split, size - split, below);
  return right && nodeHash(beside, right);
}
