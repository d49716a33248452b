import { z } from 'zod';
import { type Bytes, copyBytes, fromBase64Url, fromHex, toBase64Url, toHex } from '../bytes.ts';
import type { Json } from '../canonicalJson.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { CryptoError } from '../errors.ts';
import { hashLength, merkleRoot, nodeHash, splitOf } from '../merkle.ts';
import { type HexAddress, tokenIdOf } from '../token.ts';
import { commitmentOfRoot, fieldLeaf, type SaltedField, saltedFields, saltLength } from './commitment.ts';
import { type CommitmentField, commitmentFields } from './fields.ts';

/** A node of the tree as it is shown: the hash of what stays closed, a field that is open, or two nodes below it. */
type Branch = Bytes | { salt: Bytes; value: Json } | [Branch, Branch];

/**
 * What somebody is shown of a prescription: chosen fields, each with its salt, and one hash for each part of the tree that stays
 * closed. It names the token and not the prescription, holds no key and no code, and proves nothing by itself: whoever is shown it
 * asks the chain for the token's commitment.
 */
export interface Disclosure {
  version: 2;
  /** The token's id, 32 bytes. */
  token: Bytes;
  tree: Branch;
}

/** What a disclosure says, still to be compared with the chain. */
export interface OpenedDisclosure {
  tokenId: bigint;
  /** What the token's commitment must be. */
  commitment: HexAddress;
  /** What is open, in the tree's order; null is a field that the prescription does not have. */
  shown: { field: CommitmentField; value: Json }[];
  hidden: CommitmentField[];
}

/** The most bytes of a disclosure: a whole prescription with room to spare, and no more. */
export const largestDisclosure = 16_384;
/** Name of the file with the disclosure that a printed prescription (PDF) carries. */
export const proofAttachment = 'medloom-proof.cbor';

/** Opens the named fields of a prescription and nothing else. */
export function disclose(
  dataKey: Uint8Array,
  prescriptionId: string,
  document: Uint8Array,
  fields: readonly CommitmentField[],
): Disclosure {
  const wanted = new Set<CommitmentField>(fields);
  const prune = (part: SaltedField[]): Branch => {
    const [first] = part;
    if (first === undefined || !part.some(({ field }) => wanted.has(field))) return merkleRoot(part.map(fieldLeaf));
    if (part.length === 1) return { salt: first.salt, value: first.value };
    const split = splitOf(part.length);
    return [prune(part.slice(0, split)), prune(part.slice(split))];
  };
  const token = fromHex(tokenIdOf(prescriptionId).toString(16).padStart(64, '0'));
  return { version: 2, token, tree: prune(saltedFields(dataKey, document)) };
}

/** Computes what a disclosure opens, and the commitment that its token must have. Throws `DISCLOSURE_MALFORMED`. */
export function openDisclosure(disclosure: Disclosure): OpenedDisclosure {
  const { shown, ...opened } = openSalted(disclosure);
  return { ...opened, shown: shown.map(({ field, value }) => ({ field, value })) };
}

/** As `openDisclosure`, with the salt of each field that is open: who is shown both can name it to nobody else. */
export function openSalted({ token, tree }: Disclosure): Omit<OpenedDisclosure, 'shown'> & { shown: SaltedField[] } {
  const shown: SaltedField[] = [];
  const hidden: CommitmentField[] = [];
  const read = (branch: Branch, fields: readonly CommitmentField[]): Bytes => {
    if (branch instanceof Uint8Array) {
      hidden.push(...fields);
      return branch;
    }
    if (!Array.isArray(branch)) {
      const [field] = fields;
      if (field === undefined || fields.length > 1) throw new CryptoError('DISCLOSURE_MALFORMED', 'field');
      shown.push({ field, ...branch });
      return fieldLeaf({ field, ...branch });
    }
    const [left, right] = branch;
    if (fields.length < 2) throw new CryptoError('DISCLOSURE_MALFORMED', 'depth');
    // A part that stays closed has one hash and not two, so that one choice has one spelling.
    if (left instanceof Uint8Array && right instanceof Uint8Array)
      throw new CryptoError('DISCLOSURE_MALFORMED', 'closed');
    const split = splitOf(fields.length);
    return nodeHash(read(left, fields.slice(0, split)), read(right, fields.slice(split)));
  };
  const root = read(tree, commitmentFields);
  return {
    tokenId: BigInt(`0x${toHex(token)}`),
    commitment: commitmentOfRoot(root),
    shown,
    hidden,
  };
}

const bytes = (length: number) =>
  z
    .instanceof(Uint8Array)
    .refine((value) => value.length === length)
    .transform(copyBytes);
const branch: z.ZodType<Branch> = z.lazy(() =>
  z.union([bytes(hashLength), z.strictObject({ salt: bytes(saltLength), value: z.json() }), z.tuple([branch, branch])]),
);
const shape = z.strictObject({ version: z.literal(2), token: bytes(32), tree: branch });

/** DAG-CBOR of a disclosure: the file `medloom-proof.cbor` in a PDF, and what a proof's link carries. */
export const encodeDisclosure = (disclosure: Disclosure): Bytes => encodeCbor(disclosure);

/** Reads what `encodeDisclosure` wrote. Throws `DISCLOSURE_MALFORMED` for anything else. */
export function decodeDisclosure(encoded: Uint8Array): Disclosure {
  const value = decodeCbor(encoded, largestDisclosure, 'DISCLOSURE_MALFORMED');
  let parsed: ReturnType<typeof shape.safeParse>;
  try {
    parsed = shape.safeParse(value);
  } catch (cause) {
    // Nested deeper than the stack.
    throw new CryptoError('DISCLOSURE_MALFORMED', 'depth', { cause });
  }
  if (!parsed.success) throw new CryptoError('DISCLOSURE_MALFORMED', 'shape');
  return parsed.data;
}

/** The link that a proof's QR code holds; what is shown stands in the fragment, which no server is sent. */
export const proofLink = (origin: string, disclosure: Disclosure): string =>
  `${origin}/verify#${toBase64Url(encodeDisclosure(disclosure))}`;

/** Reads a proof's link or its fragment, of whatever origin: the chain decides, and not the link. Throws `DISCLOSURE_MALFORMED`. */
export function parseProofLink(text: string): Disclosure {
  let encoded: Bytes;
  try {
    encoded = fromBase64Url(text.trim().replace(/^[^#]*#/, ''));
  } catch (cause) {
    throw new CryptoError('DISCLOSURE_MALFORMED', 'base64url', { cause });
  }
  return decodeDisclosure(encoded);
}
