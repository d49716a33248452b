import { z } from 'zod';
import { category } from './category.ts';
import {
  base64Url,
  cid,
  commitment,
  documentId,
  hex32,
  institutionId,
  keyWrap,
  patientPseudonym,
  practitionerId,
  readingKey,
  signature,
} from './identifiers.ts';

/**
 * A patient's record on a care channel. A document is an encrypted FHIR collection Bundle of one or more resources on IPFS,
 * with attachments as chunk streams of their own. Its category, keys and index are private data; the block has author,
 * time, addresses and hashes.
 */

/** The private data collection of all of it: hospitals, pharmacies and patients. */
export const recordCollection = 'recordSecrets';
export const recordTransientField = 'record';

/** A document as everybody on the channel knows it. */
export const recordDocument = z.strictObject({
  id: documentId,
  patient: patientPseudonym,
  /** Encrypted bundle: one raw block of at most 256 KiB. */
  cid,
  /** Hex SHA-256 of the encrypted bytes. */
  contentHash: hex32,
  /** Roots of encrypted attachments, raw or dag-pb, in the order of the bundle's DocumentReferences. */
  attachments: z.array(cid).max(20),
  /** The document whose next version it is; that one is superseded by it. */
  replaces: documentId.optional(),
  /** Commitment to the data key, as in the envelope's header. */
  keyCommitment: commitment,
  /** The author's statement over all of the above and the category's epoch. */
  signature,
});
/** Argument of `records:add`. */
export type RecordDocument = z.infer<typeof recordDocument>;

/** What comes with a document as transient data and lies in private data. */
export const documentSecrets = z.strictObject({
  category,
  epoch: z.int().positive(),
  /** The data key, wrapped for the category's public key of that epoch. */
  wrap: keyWrap,
});
export type DocumentSecrets = z.infer<typeof documentSecrets>;

export const storedDocument = recordDocument.extend({
  /** `prac-…`, or the pseudonym of patient or representative. */
  author: z.union([practitionerId, patientPseudonym]),
  /** Of a practitioner. */
  institution: institutionId.optional(),
  state: z.enum(['current', 'superseded', 'retracted']),
  /** ISO 8601, of the transaction. */
  at: z.iso.datetime(),
  reason: z.string().optional(),
  version: z.int().positive(),
});
export type StoredDocument = z.infer<typeof storedDocument>;

/** One epoch of a category: a key pair whose public half everybody may write to and whose seed readers hold. */
export const categoryEpoch = z.strictObject({
  category,
  epoch: z.int().positive(),
  publicKey: readingKey,
  /** The seed of the epoch before under a key of this one, base64url; absent in the first. Whoever reads now reads before. */
  ladder: base64Url(80, 96).optional(),
  /** Statement of who began it: patient, category, epoch, public key, ladder. */
  signature,
});
export type CategoryEpoch = z.infer<typeof categoryEpoch>;
/** With the pseudonym of the patient or representative who began the epoch. */
export const storedCategory = categoryEpoch.extend({ by: patientPseudonym, at: z.iso.datetime() });
export type StoredCategory = z.infer<typeof storedCategory>;

/** The seed of an epoch for one reader: the patient, a representative, a person, an institution, or an escrow share. */
export const seedWrap = z.strictObject({
  category,
  epoch: z.int().positive(),
  /** `pt-…`, `prac-…`, `inst-…`, or `escrow:<MSP id>` for an organisation's share. */
  reader: z
    .string()
    .regex(/^(?:pt-[0-9]{1,4}-[a-z2-7]{26}|prac-[a-z2-7]{26}|inst-[a-z0-9-]{8,40}|escrow:[A-Za-z0-9.-]{1,63})$/),
  /** Hex SHA-256 of the public key that it is wrapped for. */
  readerKeyHash: hex32,
  /** A share is one byte longer than a seed. */
  wrap: base64Url(1558, 1600),
  /** Granter's statement over patient, category, epoch, reader, reader's key and wrap. */
  signature,
});
export type SeedWrap = z.infer<typeof seedWrap>;
/** The reader of an organisation's escrow share. */
export const escrowReader = (mspId: string) => `escrow:${mspId}`;
export const storedSeedWrap = seedWrap.extend({ by: patientPseudonym });
export type StoredSeedWrap = z.infer<typeof storedSeedWrap>;

/** Who has a seed, of which epoch and for which of the reader's keys; the newest of each reader. */
export const seedHolder = storedSeedWrap.pick({ category: true, epoch: true, reader: true, readerKeyHash: true });
export type SeedHolder = z.infer<typeof seedHolder>;

/** New epochs with everybody who may read from then on. Transient data; up to 2 MiB. */
export const newEpochs = z.strictObject({
  epochs: z.array(categoryEpoch).max(10),
  wraps: z.array(seedWrap).max(600),
});
export type NewEpochs = z.infer<typeof newEpochs>;

/** Where the encrypted index of a category is, sealed under a key derived from the seed of `epoch`. Private data. */
export const indexHead = z.strictObject({
  category,
  epoch: z.int().positive(),
  /** Rises by one; a head is only replaced by who knew it. */
  version: z.int().positive(),
  cid,
  contentHash: hex32,
  /** Its further segments, which are pinned with it. */
  segments: z.array(cid).max(400),
  signature,
});
export type IndexHead = z.infer<typeof indexHead>;
/**
 * Transient data of `records:putIndex`: the head, and the documents that were not in the index before in this version. A
 * document that was superseded or retracted since has another version, which the index does not cover.
 */
export const newIndex = z.strictObject({
  head: indexHead,
  covers: z.array(z.strictObject({ id: documentId, version: z.int().positive() })).max(500),
});
export type NewIndex = z.infer<typeof newIndex>;
/** With who wrote it, `pt-…` or `prac-…`. */
export const storedIndexHead = indexHead.extend({
  by: z.union([practitionerId, patientPseudonym]),
  at: z.iso.datetime(),
});
export type StoredIndexHead = z.infer<typeof storedIndexHead>;

/** A document with what opens it, as a reader gets it. */
export const openableDocument = z.strictObject({
  document: storedDocument,
  epoch: z.int().positive(),
  wrap: keyWrap,
});
export type OpenableDocument = z.infer<typeof openableDocument>;

/** What a reader of one category gets. */
export const categoryView = z.strictObject({
  category,
  /** All epochs, newest first; the ladder leads from each to the one before. Empty where the record has none of it. */
  epochs: z.array(storedCategory),
  /** The newest seed that is wrapped for the reader or the reader's institution; absent where nobody wrapped one yet. */
  wrap: storedSeedWrap.optional(),
  index: storedIndexHead.optional(),
  /** Documents whose present version no index has yet, newest change first, at most 100. */
  tail: z.array(openableDocument),
  /** There are more than the tail shows. */
  more: z.boolean(),
});
export type CategoryView = z.infer<typeof categoryView>;
