import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { CategoryEpoch, DocumentSecrets, IndexHead, RecordDocument, SeedWrap } from './healthRecord.ts';
import type { EscrowKey } from './patient.ts';
import type { InstitutionReading } from './registry.ts';
import { canonicalJson } from './state.ts';

/**
 * What authors and granters sign with their P-256 key (ECDSA, SHA-256, DER, low S), so that a reader can check it without
 * trusting any server. The contract checks it too, with the caller's own key. Each names its purpose, so that none can stand
 * for another.
 */

type Unsigned<T> = Omit<T, 'signature'>;

const statement = (purpose: string, said: object) =>
  new TextEncoder().encode(canonicalJson({ purpose: `medloom/${purpose}/v1`, ...said }));
const hashOf = (text: string) => bytesToHex(sha256(new TextEncoder().encode(text)));

/** The author (`prac-…` or `pt-…`) of a document, about its ciphertext, key commitment and place among the categories. */
export function documentStatement(
  author: string,
  document: Unsigned<RecordDocument>,
  { category, epoch }: Pick<DocumentSecrets, 'category' | 'epoch'>,
): Uint8Array {
  const { id, patient, cid, contentHash, attachments, replaces, keyCommitment } = document;
  const said = { id, patient, cid, contentHash, attachments, replaces, keyCommitment, author, category, epoch };
  return statement('record/document', said);
}

/** The patient or a representative (`by`), about the key pair of an epoch. */
export function epochStatement(patient: string, by: string, begun: Unsigned<CategoryEpoch>): Uint8Array {
  const { category, epoch, publicKey, ladder } = begun;
  return statement('record/epoch', { patient, by, category, epoch, publicKey, ladder });
}

/** The granter (`by`), about whom a seed is wrapped for. */
export function wrapStatement(patient: string, by: string, given: Unsigned<SeedWrap>): Uint8Array {
  const { category, epoch, reader, readerKeyHash, wrap } = given;
  return statement('record/wrap', { patient, by, category, epoch, reader, readerKeyHash, wrapHash: hashOf(wrap) });
}

/** Whoever wrote an index (`by`), about its head and segments. */
export function indexStatement(patient: string, by: string, head: Unsigned<IndexHead>): Uint8Array {
  const { category, epoch, version, cid, contentHash, segments } = head;
  return statement('record/index', { patient, by, category, epoch, version, cid, contentHash, segments });
}

/** An institution's admin (`reading.by`), about a generation of the institution's reading key. */
export function institutionStatement(institution: string, reading: Unsigned<InstitutionReading>): Uint8Array {
  const { generation, readingKey, ladder, by } = reading;
  return statement('institution/reading', { institution, generation, readingKey, ladder, by });
}

/** An institution's admin (`by`), about the seed of a generation for one member of staff. */
export function staffWrapStatement(
  institution: string,
  by: string,
  given: { practitioner: string; generation: number; readerKeyHash: string; wrap: string },
): Uint8Array {
  const { practitioner, generation, readerKeyHash, wrap } = given;
  const said = { institution, by, practitioner, generation, readerKeyHash, wrapHash: hashOf(wrap) };
  return statement('institution/wrap', said);
}

/** An organisation's registrar, about the key that its connector receives escrow shares with. */
export function escrowStatement({
  mspId,
  readingKey,
  version,
}: Omit<EscrowKey, 'certificatePem' | 'signature'>): Uint8Array {
  return statement('escrow', { mspId, readingKey, version });
}

/** A person, with the present signing key, about the keys that take its place: what the institution certifies them for. */
export function rotationStatement(
  subject: string,
  { signingKeyHash, readingKey, wallet }: { signingKeyHash: string; readingKey: string; wallet: string },
): Uint8Array {
  return statement('rotation', { subject, signingKeyHash, readingKey, wallet });
}

/** A member of a circle, about the key of one of its leaves: what makes the leaf's credential the member's. */
export function leafStatement(
  patient: string,
  generation: number,
  /** `mlsKey`: the leaf's raw Ed25519 key, base64url. */
  { leaf, mlsKey }: { leaf: string; mlsKey: string },
): Uint8Array {
  return statement('circle/leaf', { patient, generation, leaf, mlsKey });
}

/** A clinician (`by`), about a monitoring plan; `planHash`: hex SHA-256 of its bytes without the signature. */
export function planStatement(patient: string, by: string, said: { version: number; planHash: string }): Uint8Array {
  const { version, planHash } = said;
  return statement('monitoring/plan', { patient, by, version, planHash });
}
