import { parseAccessCode } from '#crypto/accessCode.ts';
import { fromUtf8 } from '#crypto/bytes.ts';
import { type Disclosure, decodeDisclosure, parseProofLink, proofAttachment } from '#crypto/commitment/disclosure.ts';
import { CryptoError } from '#crypto/errors.ts';

/** What somebody brings to be verified; `accessCode` is refused: it is for a pharmacy's eyes alone. */
export type Shown =
  | { kind: 'proof'; disclosure: Disclosure }
  | { kind: 'token'; tokenId: bigint }
  /** JSON of a receipt, which may still be anything. */
  | { kind: 'receipt'; json: string }
  | { kind: 'accessCode' }
  | { kind: 'unreadable' };

function isAccessCode(text: string): boolean {
  if (/\/rx(#|$)/.test(text)) return true;
  try {
    parseAccessCode(text);
    return true;
  } catch (error) {
    // Typed wrong it is still no proof, and still a secret.
    return error instanceof CryptoError && error.code === 'ACCESS_CODE_CHECK';
  }
}

/** Reads what was typed, scanned or stands in the address: a token's number, a proof's link. */
export function readShown(text: string): Shown {
  const trimmed = text.trim();
  if (isAccessCode(trimmed)) return { kind: 'accessCode' };
  if (/^(0x[0-9a-fA-F]{1,64}|[0-9]{1,78})$/.test(trimmed)) {
    const tokenId = BigInt(trimmed);
    return tokenId < 2n ** 256n ? { kind: 'token', tokenId } : { kind: 'unreadable' };
  }
  try {
    return { kind: 'proof', disclosure: parseProofLink(trimmed) };
  } catch {
    return { kind: 'unreadable' };
  }
}

const largestPdf = 10 * 1024 * 1024;

/** The proof inside a printed prescription, or in a file of its own; or a receipt, which is JSON. */
export async function readFile(file: File): Promise<Shown> {
  if (file.size > largestPdf) return { kind: 'unreadable' };
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    if (bytes[0] === 0x7b) return { kind: 'receipt', json: fromUtf8(bytes) };
    const isPdf = bytes[0] === 0x25 && bytes[1] === 0x50;
    const encoded = isPdf ? await attachmentOf(bytes) : bytes;
    return encoded === undefined ? { kind: 'unreadable' } : { kind: 'proof', disclosure: decodeDisclosure(encoded) };
  } catch {
    return { kind: 'unreadable' };
  }
}

/** The attachment with the proof, of a PDF 1.7 (section 7.11.4): in the name tree of embedded files, as pdf-lib writes it. */
export async function attachmentOf(pdf: Uint8Array): Promise<Uint8Array | undefined> {
  const { decodePDFRawStream, PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName, PDFRawStream, PDFString } =
    await import('pdf-lib');
  const { catalog } = await PDFDocument.load(pdf, { ignoreEncryption: true });
  const files = catalog.lookupMaybe(PDFName.of('Names'), PDFDict)?.lookupMaybe(PDFName.of('EmbeddedFiles'), PDFDict);
  const names = files?.lookupMaybe(PDFName.of('Names'), PDFArray);
  for (let at = 0; names !== undefined && at + 1 < names.size(); at += 2) {
    const name = names.lookup(at);
    const isProof =
      (name instanceof PDFHexString || name instanceof PDFString) && name.decodeText() === proofAttachment;
    if (!isProof) continue;
    const stream = names
      .lookupMaybe(at + 1, PDFDict)
      ?.lookupMaybe(PDFName.of('EF'), PDFDict)
      ?.lookup(PDFName.of('F'));
    if (stream instanceof PDFRawStream) return decodePDFRawStream(stream).decode();
  }
  return undefined;
}
