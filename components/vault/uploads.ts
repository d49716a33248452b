import { z } from 'zod';
import type { Category } from '#chaincode/model/category.ts';
import type { Attachment } from '#crypto/attachment.ts';
import type { Identified } from '#fhir/record.ts';
import { beginUpload } from '#server/records/actions.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { findBroken, forgetBroken, keepBroken } from './brokenUploads.ts';
import { vaultClient } from './client.ts';
import type { OutgoingBlock } from './documentOperations.ts';
import { expectData, VaultError } from './errors.ts';
import { readWritingKeys } from './records.ts';

/** Encrypted blocks on their way to the portal. */

const refusal = z.object({ code: z.string(), message: z.string() });

/** Where an upload stands: bytes of files that are encrypted and there, of all. */
export interface UploadProgress {
  sent: number;
  total: number;
}

export interface UploadOptions {
  onProgress?: (progress: UploadProgress) => void;
  /** Asked before every block: resolves when the upload may go on, so that a page can pause it. */
  turn?: () => Promise<void>;
  signal?: AbortSignal;
}

/** Sends one block; one that is there already is sent again without harm. Throws the portal's error, or `OFFLINE`. */
export async function sendBlock(upload: string, block: OutgoingBlock, signal?: AbortSignal): Promise<void> {
  const query = new URLSearchParams({ upload, codec: block.codec, cid: block.cid });
  let response: Response;
  try {
    response = await fetch(`/api/blocks?${query}`, {
      method: 'PUT',
      body: block.bytes,
      credentials: 'same-origin',
      ...(signal && { signal }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw new VaultError('ABORTED', 'The upload was stopped.', { cause });
    throw new VaultError('OFFLINE', 'The portal does not answer.', { cause });
  }
  if (response.ok) return;
  const problem = refusal.safeParse(await response.json().catch(() => undefined));
  if (!problem.success) throw new VaultError('INTERNAL', 'The portal answered something else.');
  throw new VaultError(problem.data.code, problem.data.message);
}

const uploadView = z.object({ id: z.uuid(), blocks: z.array(z.string()) });

/** What of an upload the portal has; undefined where it has ended, or is somebody else's. Throws `OFFLINE`. */
async function readUpload(id: string): Promise<z.infer<typeof uploadView> | undefined> {
  let response: Response;
  try {
    response = await fetch(`/api/uploads/${id}`, { credentials: 'same-origin' });
  } catch (cause) {
    throw new VaultError('OFFLINE', 'The portal does not answer.', { cause });
  }
  if (!response.ok) return undefined;
  return uploadView.parse(await response.json());
}

interface BegunUpload {
  upload: string;
  document: string;
  /** CIDs that the portal has already. */
  present: ReadonlySet<string>;
}

/** Begins a document and its upload, or takes up the one of the same files that broke off in this browser. */
async function beginSending(patient: string, files: readonly Blob[]): Promise<BegunUpload> {
  const vault = vaultClient();
  const named = files.filter((file) => file instanceof File);
  const isResumable = named.length > 0 && named.length === files.length;
  const broken = isResumable ? findBroken(patient, named) : undefined;
  const before = broken && (await readUpload(broken.upload));
  if (broken && before) {
    const { document: id, packet } = broken;
    await vault.call('beginDocument', { patient, resume: { id, packet } });
    return { upload: before.id, document: id, present: new Set(before.blocks) };
  }
  if (broken) forgetBroken(broken.upload);
  const { id: upload } = expectData(await beginUpload({ patient }));
  const { id: document, packet } = await vault.call('beginDocument', { patient });
  if (isResumable) keepBroken({ patient, upload, document, packet }, named);
  return { upload, document, present: new Set() };
}

export interface NewRecordDocument {
  patient: string;
  category: Category;
  /** Files of the document, in the order of their DocumentReferences. */
  files?: readonly Blob[];
  /** The resources, once the files are encrypted and what the document says of them is known. */
  resources: (attachments: readonly Attachment[]) => Identified[];
  /** The document whose next version it is. */
  replaces?: string;
}

/**
 * Encrypts a document and its files in the worker while they go up, chunk by chunk, and answers the intent to sign. The same
 * files once more go on where they broke off, also after a reload, until `forgetBroken`. Throws `RECORD_NOT_OPENED` where the category has no key, and what uploading throws.
 */
export async function writeDocument(
  { patient, category, files = [], resources, replaces }: NewRecordDocument,
  { onProgress = () => {}, turn = async () => {}, signal }: UploadOptions = {},
): Promise<{ intent: Extract<TransactionIntent, { kind: 'records:add' }>; upload: string }> {
  const vault = vaultClient();
  const { keys, certificates } = await readWritingKeys(patient);
  const key = keys.find((each) => each.category === category);
  if (key === undefined) throw new VaultError('RECORD_NOT_OPENED', 'This part of the record has no key yet.');
  const { upload, document, present } = await beginSending(patient, files);
  try {
    const total = files.reduce((bytes, { size }) => bytes + size, 0);
    let sent = 0;
    const attachments: Attachment[] = [];
    for (const file of files) {
      const { index } = await vault.call('attachFile', { document, file });
      for (;;) {
        await turn();
        if (signal?.aborted === true) throw new VaultError('ABORTED', 'The upload was stopped.');
        const next = await vault.call('nextBlock', { document, index });
        if ('attachment' in next) {
          attachments.push(next.attachment);
          break;
        }
        if (!present.has(next.block.cid)) await sendBlock(upload, next.block, signal);
        if (next.block.codec === 'raw') sent = Math.min(total, sent + next.block.bytes.length);
        onProgress({ sent, total });
      }
    }
    const composed = await vault.call('composeDocument', {
      document,
      category: key,
      certificates,
      resources: resources(attachments),
      ...(replaces !== undefined && { replaces }),
    });
    await sendBlock(upload, composed.block, signal);
    return { intent: composed.intent, upload };
  } finally {
    await vault.call('endDocument', { document });
  }
}

/** Sends blocks of an index and gives back the intent that puts it in force. */
export async function sendIndex(
  patient: string,
  folded: { intent: Extract<TransactionIntent, { kind: 'records:putIndex' }>; blocks: OutgoingBlock[] },
): Promise<Extract<TransactionIntent, { kind: 'records:putIndex' }>> {
  const { id } = expectData(await beginUpload({ patient }));
  for (const block of folded.blocks) await sendBlock(id, block);
  return folded.intent;
}
