import { z } from 'zod';
import type { Category } from '#chaincode/model/category.ts';
import type { Attachment } from '#crypto/attachment.ts';
import type { Identified } from '#fhir/record.ts';
import { frameHead, mostBlocksSent } from '#server/records/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { findBroken, forgetBroken, keepBroken } from './brokenUploads.ts';
import { vaultClient } from './client.ts';
import type { OutgoingBlock } from './documentOperations.ts';
import { VaultError } from './errors.ts';
import { askPortal } from './portal.ts';
import { readWritingKeys } from './records.ts';

/** Encrypted blocks on their way to the portal. */

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

/**
 * Sends blocks of an upload in one request, children before their node; the first ones begin it, and those that are there already are sent again without harm. Throws the
 * portal's error, or `OFFLINE`.
 */
async function sendBlocks(
  { upload, patient }: { upload: string; patient: string },
  blocks: readonly OutgoingBlock[],
  signal?: AbortSignal,
): Promise<void> {
  const query = new URLSearchParams([
    ['upload', upload],
    ['patient', patient],
    ...blocks.map(({ codec, cid }) => ['block', `${codec}:${cid}`]),
  ]);
  const body = new Blob(blocks.flatMap(({ bytes }) => [frameHead(bytes.length), bytes]));
  await askPortal(`/api/blocks?${query}`, { method: 'PUT', body, ...(signal && { signal }) });
}

const uploadView = z.object({ id: z.uuid(), blocks: z.array(z.string()) });

/** What of an upload the portal has; undefined where it has ended, or is somebody else's. Throws `OFFLINE`. */
async function readUpload(id: string): Promise<z.infer<typeof uploadView> | undefined> {
  try {
    return uploadView.parse(await (await askPortal(`/api/uploads/${id}`)).json());
  } catch (error) {
    if (error instanceof VaultError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
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
  const upload = crypto.randomUUID();
  const { id: document, packet } = await vault.call('beginDocument', { patient });
  if (isResumable) keepBroken({ patient, upload, document, packet }, named);
  return { upload, document, present: new Set() };
}

/** Keys to write with, as `readWritingKeys` reads them. */
export type WritingKeys = Awaited<ReturnType<typeof readWritingKeys>>;

export interface NewRecordDocument {
  patient: string;
  /** Keys that were read already; otherwise they are read now. */
  keys?: Promise<WritingKeys>;
  category: Category;
  /** Files of the document, in the order of their DocumentReferences. */
  files?: readonly Blob[];
  /** The resources, once the files are encrypted and what the document says of them is known. */
  resources: (attachments: readonly Attachment[]) => Identified[];
  /** The document whose next version it is. */
  replaces?: string;
}

/** Bytes that go in one request, and requests that are under way while the next blocks are encrypted. */
const bytesAtOnce = 1024 * 1024;
const requestsAtOnce = 2;

/** Sends blocks in few requests. A node waits for all before it, since the portal takes it only where its links are there. */
function createOutgoing(send: (blocks: OutgoingBlock[]) => Promise<void>) {
  const underWay = new Set<Promise<void>>();
  let waiting: OutgoingBlock[] = [];
  const arrived = () => Promise.all(underWay);
  const go = async () => {
    const blocks = waiting;
    waiting = [];
    if (blocks.length === 0) return;
    if (blocks.some(({ codec }) => codec !== 'raw')) await arrived();
    const sending = send(blocks);
    underWay.add(sending);
    // One that failed stays, so that whoever waits next is told.
    sending.then(
      () => underWay.delete(sending),
      () => undefined,
    );
    if (underWay.size >= requestsAtOnce) await Promise.race(underWay);
  };
  return {
    /** Resolves when the next block may follow. Throws what kept an earlier one from arriving. */
    async send(block: OutgoingBlock): Promise<void> {
      waiting.push(block);
      const size = waiting.reduce((bytes, each) => bytes + each.bytes.length, 0);
      if (size >= bytesAtOnce || waiting.length >= mostBlocksSent) await go();
    },
    /** Sends what is left, and resolves when all is there. */
    async end(): Promise<void> {
      await go();
      await arrived();
    },
    /** Resolves when none is under way any more, arrived or not. */
    over: () => Promise.allSettled(underWay),
  };
}

/**
 * Encrypts a document and its files in the worker while they go up, chunk by chunk, and answers the intent to sign, which the
 * portal takes once all has `arrived`: what the last requests bring may still be on its way while a person reads. The same
 * files once more go on where they broke off, also after a reload, until `forgetBroken`. Throws `RECORD_NOT_OPENED` where the category has no key, and what uploading throws.
 */
export async function writeDocument(
  { patient, keys: reading = readWritingKeys(patient), category, files = [], resources, replaces }: NewRecordDocument,
  { onProgress = () => {}, turn = async () => {}, signal }: UploadOptions = {},
): Promise<{ intent: Extract<TransactionIntent, { kind: 'records:add' }>; upload: string; arrived: Promise<void> }> {
  const vault = vaultClient();
  const { keys, certificates } = await reading;
  const key = keys.find((each) => each.category === category);
  if (key === undefined) throw new VaultError('RECORD_NOT_OPENED', 'This part of the record has no key yet.');
  const { upload, document, present } = await beginSending(patient, files);
  const total = files.reduce((bytes, { size }) => bytes + size, 0);
  let sent = 0;
  const outgoing = createOutgoing(async (blocks) => {
    const missing = blocks.filter(({ cid }) => !present.has(cid));
    if (missing.length > 0) await sendBlocks({ upload, patient }, missing, signal);
    const bytes = blocks.filter(({ codec }) => codec === 'raw').reduce((sum, block) => sum + block.bytes.length, 0);
    sent = Math.min(total, sent + bytes);
    onProgress({ sent, total });
  });
  try {
    const attachments: Attachment[] = [];
    for (const file of files) {
      const { index } = await vault.call('attachFile', { document, file });
      let coming = vault.call('nextBlock', { document, index });
      for (;;) {
        await turn();
        if (signal?.aborted === true) throw new VaultError('ABORTED', 'The upload was stopped.');
        const next = await coming;
        if ('attachment' in next) {
          attachments.push(next.attachment);
          break;
        }
        // The next one is encrypted while this one goes.
        coming = vault.call('nextBlock', { document, index });
        coming.catch(() => undefined); // told by whoever awaits it
        await outgoing.send(next.block);
      }
    }
    const composed = await vault.call('composeDocument', {
      document,
      category: key,
      certificates,
      resources: resources(attachments),
      ...(replaces !== undefined && { replaces }),
    });
    await outgoing.send(composed.block);
    const arrived = outgoing.end().catch(async (error: unknown) => {
      await outgoing.over();
      throw error;
    });
    arrived.catch(() => undefined); // told by whoever awaits it
    return { intent: composed.intent, upload, arrived };
  } catch (error) {
    await outgoing.over();
    throw error;
  } finally {
    await vault.call('endDocument', { document });
  }
}

/** Sends blocks of an index and gives back the intent that puts it in force. */
export async function sendIndex(
  patient: string,
  folded: { intent: Extract<TransactionIntent, { kind: 'records:putIndex' }>; blocks: OutgoingBlock[] },
): Promise<Extract<TransactionIntent, { kind: 'records:putIndex' }>> {
  const upload = crypto.randomUUID();
  const outgoing = createOutgoing((blocks) => sendBlocks({ upload, patient }, blocks));
  for (const block of folded.blocks) await outgoing.send(block);
  await outgoing.end();
  return folded.intent;
}
