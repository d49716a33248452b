import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { type Bytes, concat, copyBytes, toHex, utf8 } from '../bytes.ts';
import { canonicalJson, type Json } from '../canonicalJson.ts';
import { deriveKey, requireLength } from '../derive.ts';
import { leafHash, merkleRoot } from '../merkle.ts';
import { type HexAddress, tokenCommitment } from '../token.ts';
import { type CommitmentField, commitmentFields, fieldValues } from './fields.ts';

/** Bytes of a field's salt: nobody without it can test a guess at the field's value. */
export const saltLength = 16;

/** A field with all that makes its leaf. */
export interface SaltedField {
  field: CommitmentField;
  salt: Bytes;
  value: Json;
}

/** All fields with their salts, in the tree's order. Each salt follows from the data key and its field's name alone. */
export function saltedFields(dataKey: Uint8Array, document: Uint8Array): SaltedField[] {
  const saltKey = deriveKey(requireLength(dataKey, 32, 'data key'), 'medloom/token/commitment/salts/v2');
  const values = fieldValues(document);
  return commitmentFields.map((field) => ({
    field,
    salt: copyBytes(hmac(sha256, saltKey, utf8(field)).subarray(0, saltLength)),
    value: values[field],
  }));
}

/** SHA-256 of 0x00, the salt and the canonical JSON of name and value. */
export const fieldLeaf = ({ field, salt, value }: SaltedField): Bytes =>
  leafHash(salt, utf8(canonicalJson({ path: field, value })));

/** What the chain keeps of a tree: Keccak-256 of the version's name and the root. */
export const commitmentOfRoot = (root: Uint8Array): HexAddress =>
  `0x${toHex(keccak_256(concat(utf8('medloom/token/commitment/v2'), root)))}`;

/**
 * Commitment of a token to a prescription, version 2: over the salted hash tree of its fields, so that the holder can open any of
 * them to somebody and leave the others closed.
 */
export const commitmentOf = (dataKey: Uint8Array, document: Uint8Array): HexAddress =>
  commitmentOfRoot(merkleRoot(saltedFields(dataKey, document).map(fieldLeaf)));

/** Whether what ledger and token hold commits to this very content; prescriptions from before have version 1. */
export const commitmentOpensTo = (recorded: string, dataKey: Uint8Array, document: Uint8Array): boolean =>
  recorded === commitmentOf(dataKey, document) || recorded === tokenCommitment(dataKey, document);
