import type { z } from 'zod';
import type { SealedContent } from '#chaincode/model/policy.ts';
import { type Bytes, fromUtf8, utf8 } from '../bytes.ts';
import { type DocumentContext, openDocument, requireContent, type SealedDocument, sealDocument } from '../envelope.ts';
import { CryptoError } from '../errors.ts';

/** What a ciphertext of `claims` is bound to. */
export interface SealedPlace {
  /** Of the policy, authorisation or claim. */
  id: string;
  kind: 'details' | 'card' | 'claim' | 'explanation' | 'question' | 'answer' | 'appeal';
  /** Who wrote it, as the ledger says: `pol-…` for the member, `prac-…`, `dev-…`. */
  by: string;
  /** Of an explanation the version of the claim that was judged; else 0, since the ledger has the order. */
  version?: number;
}

const contextOf = ({ id, kind, by, version = 0 }: SealedPlace): DocumentContext => ({
  documentId: `${id}/${kind}`,
  version,
  author: by,
});

/** JSON of a value of that shape, encrypted. Throws a ZodError for another, `ENVELOPE_TOO_LARGE`. */
export const sealJson = async <Shape extends z.ZodType>(
  shape: Shape,
  dataKey: Uint8Array,
  place: SealedPlace,
  value: z.input<Shape>,
): Promise<SealedDocument> => sealDocument(dataKey, contextOf(place), utf8(JSON.stringify(shape.parse(value))));

/**
 * Opens what `sealJson` sealed, after comparing it with what the ledger recorded. Throws `ALTERED` for any other byte, place or author,
 * `WRONG_KEY`, `ENVELOPE_MALFORMED` also for what is not of that shape.
 */
export async function openJson<Shape extends z.ZodType>(
  shape: Shape,
  dataKey: Uint8Array,
  place: SealedPlace,
  bytes: Uint8Array,
  recorded: SealedContent,
): Promise<z.output<Shape>> {
  requireContent(bytes, recorded);
  return readJson(shape, await openDocument(dataKey, contextOf(place), bytes), 'ENVELOPE_MALFORMED');
}

/** Reads UTF-8 JSON of a shape. Throws `code` for anything else. */
export function readJson<Shape extends z.ZodType>(
  shape: Shape,
  bytes: Bytes,
  code: 'ENVELOPE_MALFORMED' | 'ALTERED',
): z.output<Shape> {
  let parsed: z.ZodSafeParseResult<z.output<Shape>>;
  try {
    parsed = shape.safeParse(JSON.parse(fromUtf8(bytes)));
  } catch (cause) {
    // Or nested deeper than the stack.
    throw new CryptoError(code, 'no JSON', { cause });
  }
  if (!parsed.success) throw new CryptoError(code, 'shape', { cause: parsed.error });
  return parsed.data;
}
