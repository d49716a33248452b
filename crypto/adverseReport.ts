import { type Bytes, randomBytes } from './bytes.ts';
import { type DocumentContext, openDocument, requireContent, type SealedDocument, sealDocument } from './envelope.ts';
import type { Reader } from './reader.ts';
import { unwrapWith, type WrapContext, wrapFor } from './wrap.ts';

/**
 * Encryption of a report to the authority: one data key for the report and all that is asked and answered about it, wrapped for
 * the authority's reading key and for the reporter.
 */

const keyContext = (id: string, reader: string): WrapContext => ({
  purpose: 'medloom/report/data-key/v1',
  id,
  reader,
});

/** A message is bound to its report, its place in it, its kind and who wrote it. */
export interface MessageContext {
  /** Of the report. */
  id: string;
  /** 0 is the report itself. */
  place: number;
  kind: string;
  by: string;
}

const documentContext = ({ id, place, kind, by }: MessageContext): DocumentContext => ({
  documentId: `${id}/${kind}`,
  version: place,
  author: by,
});

/** A new data key, wrapped for authority and reporter. */
export async function newReportKey(
  id: string,
  { authority, reporter }: { authority: Reader; reporter: Reader },
): Promise<{ dataKey: Bytes; wraps: { authority: string; reporter: string } }> {
  const dataKey = randomBytes(32);
  const [forAuthority, forReporter] = await Promise.all(
    [authority, reporter].map((reader) => wrapFor(reader.readingKey, keyContext(id, reader.id), dataKey)),
  );
  return { dataKey, wraps: { authority: forAuthority ?? '', reporter: forReporter ?? '' } };
}

/** The data key out of a wrap. Throws `WRAP_REFUSED`. */
export const openReportKey = (seed: Uint8Array, id: string, reader: string, wrap: string): Promise<Bytes> =>
  unwrapWith(seed, keyContext(id, reader), wrap);

/** Throws `ENVELOPE_TOO_LARGE`. */
export const sealMessage = (
  dataKey: Uint8Array,
  context: MessageContext,
  plaintext: Uint8Array,
): Promise<SealedDocument> => sealDocument(dataKey, documentContext(context), plaintext);

/** Opens a message after comparing it with what the ledger recorded. Throws `ALTERED`, `WRONG_KEY`, `ENVELOPE_MALFORMED`. */
export async function openMessage(
  dataKey: Uint8Array,
  context: MessageContext,
  bytes: Uint8Array,
  recorded: { cid: string; contentHash: string },
): Promise<Bytes> {
  requireContent(bytes, recorded);
  return openDocument(dataKey, documentContext(context), bytes);
}
