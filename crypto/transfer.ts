import { type Bytes, concat, fromBase64Url, toBase64Url } from './bytes.ts';
import { CryptoError } from './errors.ts';
import type { Reader } from './reader.ts';
import { packPatientSecret, unpackPatientSecret, unwrapWith, type WrapContext, wrapFor } from './wrap.ts';

/**
 * What a pharmacy gives on with a prescription that it transfers: data key and access code, to the other's reading key and to
 * those of its systems, one wrap after the other.
 */

const contextOf = (id: string, reader: string): WrapContext => ({
  purpose: 'medloom/prescription/transfer/v1',
  id,
  reader,
});

/** Encapsulation, both secrets, tag. */
const wrapLength = 1120 + 48 + 16;
/** So many fit in what the ledger takes. */
export const mostTransferReaders = 10;

/** Wraps both for an institution, or for it and its systems, at most ten readers; base64url. */
export async function wrapTransfer(
  id: string,
  to: Reader | readonly Reader[],
  dataKey: Uint8Array,
  code: Uint8Array,
): Promise<string> {
  const secret = packPatientSecret(dataKey, code);
  const wraps = await Promise.all([to].flat().map((one) => wrapFor(one.readingKey, contextOf(id, one.id), secret)));
  return toBase64Url(concat(...wraps.map(fromBase64Url)));
}

/** Opens them with a seed of the institution's or the system's reading key. Throws `WRAP_REFUSED`. */
export async function openTransferWrap(
  seed: Uint8Array,
  id: string,
  reader: string,
  wrap: string,
): Promise<{ dataKey: Bytes; code: Bytes }> {
  const whole = fromBase64Url(wrap);
  let refused: unknown = new CryptoError('WRAP_REFUSED', 'too short');
  for (let start = 0; start < whole.length; start += wrapLength) {
    const part = toBase64Url(whole.slice(start, start + wrapLength));
    try {
      return unpackPatientSecret(await unwrapWith(seed, contextOf(id, reader), part));
    } catch (error) {
      // It is another reader's.
      refused = error;
    }
  }
  throw refused;
}
