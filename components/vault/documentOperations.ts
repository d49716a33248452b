import type { Category } from '#chaincode/model/category.ts';
import type { OpenableDocument, StoredCategory } from '#chaincode/model/healthRecord.ts';
import { epochStatement } from '#chaincode/model/statements.ts';
import { type Attachment, hashContent, openAttachment, sealAttachment } from '#crypto/attachment.ts';
import { type Bytes, randomBytes } from '#crypto/bytes.ts';
import { chunkCount } from '#crypto/chunks.ts';
import { CryptoError } from '#crypto/errors.ts';
import { composeDocument, openBundle, openDataKey } from '#crypto/healthRecord.ts';
import { newCareId } from '#crypto/identifier.ts';
import { unwrapWith, type WrapContext, wrapFor } from '#crypto/wrap.ts';
import { encodeRecord, type Identified, type ReadRecord, readRecord } from '#fhir/record.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { BlockSource } from './blocks.ts';
import { type ErrorMessage, errorMessage, VaultError } from './errors.ts';
import { bySeed, type OpenState } from './openVault.ts';
import { epochKey } from './recordState.ts';
import { type Signers, trustSigners } from './trust.ts';

/** An encrypted block on its way to the portal; `codec` as `PUT /api/blocks` names it. */
export interface OutgoingBlock {
  cid: string;
  codec: 'raw' | 'dag-pb';
  bytes: Bytes;
}

/** A document that was opened, or why it was not. What is in `unread` does not check as FHIR. */
export type OpenedDocument = { id: string; category: Category } & (
  | (ReadRecord & {
      /** Who signed it: `prac-…` or a pseudonym. */
      author: string;
    })
  | { problem: ErrorMessage }
);

const uploadContext = (id: string, reader: string): WrapContext => ({
  purpose: 'medloom/record/upload/v1',
  id,
  reader,
});

/** CIDv1 of dag-pb, in base32. */
const codecOf = (cid: string): OutgoingBlock['codec'] => (cid.startsWith('bafybei') ? 'dag-pb' : 'raw');

/** Opens documents whose statements check; the data key stays here for the attachments. */
export async function openDocuments(
  state: OpenState,
  patient: string,
  category: Category,
  documents: readonly OpenableDocument[],
  { signers, blocks }: { signers: Signers; blocks: BlockSource },
): Promise<OpenedDocument[]> {
  const sealed = await blocks(documents.map(({ document }) => document.cid));
  return Promise.all(
    documents.map(async (openable, at): Promise<OpenedDocument> => {
      const { document, epoch } = openable;
      const { id } = document;
      try {
        if (document.patient !== patient) throw new CryptoError('ALTERED', `${id} is of another record`);
        const key = epochKey(state.records, patient, category, epoch);
        const dataKey = await openDataKey(key, openable, signers.keysOf(document.author));
        const bundle = await openBundle(dataKey, document, sealed[at] ?? new Uint8Array());
        state.records.documents.set(id, { dataKey, document });
        return { id, category, author: document.author, ...readRecord(bundle) };
      } catch (thrown) {
        return { id, category, problem: errorMessage(thrown) };
      }
    }),
  );
}

/** Writes and reads documents of a record and their attachments. Data keys stay here. */
export function documentOperations(opened: () => OpenState, blocks: BlockSource) {
  const draftOf = (state: OpenState, id: string) => {
    const draft = state.records.drafts.get(id);
    if (draft === undefined) throw new VaultError('NOT_OPENED', 'This document is not being written here.');
    return draft;
  };

  return {
    /**
     * Begins a document with a fresh data key, sealed to its author in `packet`; with the packet of an upload that broke off,
     * another browser of the author goes on with the same blocks.
     */
    async beginDocument(input: {
      patient: string;
      resume?: { id: string; packet: string };
    }): Promise<{ id: string; packet: string }> {
      const state = opened();
      const { patient, resume } = input;
      const { subjectId } = state.owner;
      const id = resume?.id ?? newCareId('doc', patient);
      const context = uploadContext(id, subjectId);
      const dataKey =
        resume === undefined
          ? randomBytes(32)
          : await bySeed(state, (seed) => unwrapWith(seed, context, resume.packet));
      state.records.drafts.set(id, { patient, dataKey, attachments: [] });
      return { id, packet: resume?.packet ?? (await wrapFor(state.readingKey, context, dataKey)) };
    },

    /** Takes a file as the document's next attachment: its place, size, hash and number of chunks. */
    async attachFile(input: {
      document: string;
      file: Blob;
    }): Promise<{ index: number; size: number; hash: string; chunks: number }> {
      const { attachments, dataKey } = draftOf(opened(), input.document);
      const { file } = input;
      const hash = await hashContent(file);
      const index = attachments.length;
      attachments.push({ blocks: sealAttachment(dataKey, file, { index, hash }) });
      return { index, size: file.size, hash, chunks: chunkCount(file.size) };
    },

    /**
     * The next encrypted block of an attachment, chunk by chunk, then the nodes above; once all were taken, what the
     * document says of it. Whoever asks no further pauses.
     */
    async nextBlock(input: {
      document: string;
      index: number;
    }): Promise<{ block: OutgoingBlock } | { attachment: Attachment }> {
      const sealing = draftOf(opened(), input.document).attachments[input.index];
      if (sealing === undefined) throw new VaultError('NOT_OPENED', 'There is no such attachment.');
      if (sealing.attachment !== undefined) return { attachment: sealing.attachment };
      const next = await sealing.blocks.next();
      if (next.done !== true) return { block: { ...next.value, codec: codecOf(next.value.cid) } };
      sealing.attachment = next.value;
      return { attachment: next.value };
    },

    /**
     * Encrypts and signs a document for the category's current epoch, whose beginner must have signed it. All attachments
     * must have been taken. Throws `SIGNATURE_FOREIGN`, `UPLOAD_UNFINISHED`, `ENVELOPE_TOO_LARGE`.
     */
    async composeDocument(input: {
      document: string;
      category: StoredCategory;
      /** Of who began the epoch. */
      certificates: string[];
      resources: Identified[];
      replaces?: string;
    }): Promise<{ intent: Extract<TransactionIntent, { kind: 'records:add' }>; block: OutgoingBlock }> {
      const state = opened();
      const { category, resources, replaces } = input;
      const { patient, dataKey, attachments } = draftOf(state, input.document);
      const signers = await trustSigners(state, input.certificates);
      const said = epochStatement(patient, category.by, category);
      await signers.require(category.by, said, category.signature, category.category);
      const composed = await composeDocument(state.signing.privateKey, {
        id: input.document,
        patient,
        author: state.owner.subjectId,
        category,
        bundle: encodeRecord(category.category, resources, new Date()),
        attachments: attachments.map(({ attachment }) => {
          if (attachment === undefined) throw new VaultError('UPLOAD_UNFINISHED', 'A file is not uploaded yet.');
          return attachment.root;
        }),
        ...(replaces !== undefined && { replaces }),
        dataKey,
      });
      const { document, secrets, sealed } = composed;
      return {
        intent: { kind: 'records:add', document, record: secrets },
        block: { cid: sealed.cid, codec: 'raw', bytes: sealed.bytes },
      };
    },

    /** Forgets a document that was written or given up. */
    async endDocument(input: { document: string }): Promise<void> {
      const { drafts } = opened().records;
      drafts.get(input.document)?.dataKey.fill(0);
      drafts.delete(input.document);
    },

    /** Opens documents of one category that was unlocked; each that does not check comes back with its problem. */
    async openDocuments(input: {
      patient: string;
      category: Category;
      documents: OpenableDocument[];
      certificates: string[];
    }): Promise<OpenedDocument[]> {
      const state = opened();
      const { patient, category, documents } = input;
      const signers = await trustSigners(state, input.certificates);
      return openDocuments(state, patient, category, documents, { signers, blocks });
    },

    /**
     * The next piece of an attachment of a document that was opened; null after the last. `begin` starts anew. Throws
     * `ALTERED` with the chunk.
     */
    async nextPiece(input: { document: string; attachment: Attachment; begin?: boolean }): Promise<Bytes | null> {
      const { documents, readings } = opened().records;
      const { document: id, attachment } = input;
      const name = `${id}/${attachment.index}`;
      if (input.begin === true) {
        const known = documents.get(id);
        if (known === undefined) throw new VaultError('NOT_OPENED', 'Open the document first.');
        // The root is the author's word; what else is said of the file is in the bundle, which is too.
        if (known.document.attachments[attachment.index] !== attachment.root) {
          throw new CryptoError('ALTERED', `attachment ${attachment.index}`);
        }
        readings.set(name, openAttachment(known.dataKey, attachment, blocks));
      }
      const next = await readings.get(name)?.next();
      if (next !== undefined && next.done !== true) return next.value;
      readings.delete(name);
      return null;
    },
  };
}
