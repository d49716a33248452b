import type { Category } from '#chaincode/model/category.ts';
import type { DocumentSecrets, OpenableDocument, RecordDocument } from '#chaincode/model/healthRecord.ts';
import { documentStatement } from '#chaincode/model/statements.ts';
import { type Bytes, toBase64Url } from './bytes.ts';
import { type CategoryKey, unwrapDataKey, wrapDataKey } from './categoryKey.ts';
import {
  type DocumentContext,
  keyCommitment,
  openDocument,
  requireContent,
  type SealedDocument,
  sealDocument,
} from './envelope.ts';
import { CryptoError } from './errors.ts';
import { requireSigned, signStatement } from './statement.ts';

/** A document of a record: encrypted bundle, data key wrapped for its category, and the author's statement over both. */

const documentVersion = 1;
const contextOf = (id: string, author: string): DocumentContext => ({
  documentId: id,
  version: documentVersion,
  author,
});

export interface NewDocument {
  id: string;
  patient: string;
  /** `prac-…`, or the pseudonym of patient or representative. */
  author: string;
  /** The category's current epoch. */
  category: { category: Category; epoch: number; publicKey: string };
  /** The FHIR Bundle, UTF-8 JSON. */
  bundle: Uint8Array;
  /** Roots of the attachments that were sealed under the same data key. */
  attachments: string[];
  replaces?: string;
  /** 32 bytes, fresh for this document. */
  dataKey: Uint8Array;
}

export interface ComposedDocument {
  document: RecordDocument;
  secrets: DocumentSecrets;
  sealed: SealedDocument;
}

/** Encrypts and signs a new document. Throws `ENVELOPE_TOO_LARGE`. */
export async function composeDocument(signingKey: CryptoKey, input: NewDocument): Promise<ComposedDocument> {
  const { id, patient, author, attachments, replaces, dataKey } = input;
  const { category, epoch, publicKey } = input.category;
  const [sealed, wrap] = await Promise.all([
    sealDocument(dataKey, contextOf(id, author), input.bundle),
    wrapDataKey({ patient, category, epoch, publicKey }, id, dataKey),
  ]);
  const unsigned = {
    id,
    patient,
    cid: sealed.cid,
    contentHash: sealed.contentHash,
    attachments,
    ...(replaces !== undefined && { replaces }),
    keyCommitment: toBase64Url(keyCommitment(dataKey)),
  };
  const signature = await signStatement(signingKey, documentStatement(author, unsigned, { category, epoch }));
  return { document: { ...unsigned, signature }, secrets: { category, epoch, wrap }, sealed };
}

/**
 * Checks that the author signed a document for this category and opens its data key. Throws `SIGNATURE_FOREIGN`,
 * `WRAP_REFUSED`, `WRONG_KEY`; `detail` names the document.
 */
export async function openDataKey(
  key: CategoryKey,
  { document, epoch, wrap }: OpenableDocument,
  authorKeys: readonly CryptoKey[],
): Promise<Bytes> {
  const { id, author, patient } = document;
  if (patient !== key.patient || epoch !== key.epoch) throw new CryptoError('WRAP_REFUSED', id);
  const statement = documentStatement(author, document, { category: key.category, epoch });
  await requireSigned(authorKeys, statement, document.signature, id);
  const dataKey = await unwrapDataKey(key, id, wrap);
  if (toBase64Url(keyCommitment(dataKey)) !== document.keyCommitment) throw new CryptoError('WRONG_KEY', id);
  return dataKey;
}

/** The bundle, after comparing the bytes with what the author signed. Throws `ALTERED`, `ENVELOPE_MALFORMED`. */
export async function openBundle(
  dataKey: Uint8Array,
  document: Pick<RecordDocument, 'id' | 'cid' | 'contentHash'> & { author: string },
  bytes: Uint8Array,
): Promise<Bytes> {
  requireContent(bytes, document);
  return openDocument(dataKey, contextOf(document.id, document.author), bytes);
}
