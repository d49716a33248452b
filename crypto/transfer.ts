import type { Bytes } from './bytes.ts';
import type { Reader } from './reader.ts';
import { packPatientSecret, unpackPatientSecret, unwrapWith, type WrapContext, wrapFor } from './wrap.ts';

/** What a pharmacy gives on with a prescription that it transfers: data key and access code, to the other's reading key. */

const contextOf = (id: string, institution: string): WrapContext => ({
  purpose: 'medloom/prescription/transfer/v1',
  id,
  reader: institution,
});

/** Wraps both for an institution, base64url. */
export const wrapTransfer = (id: string, to: Reader, dataKey: Uint8Array, code: Uint8Array): Promise<string> =>
  wrapFor(to.readingKey, contextOf(id, to.id), packPatientSecret(dataKey, code));

/** Opens them with a seed of the institution's reading key. Throws `WRAP_REFUSED`. */
export async function openTransferWrap(
  seed: Uint8Array,
  id: string,
  institution: string,
  wrap: string,
): Promise<{ dataKey: Bytes; code: Bytes }> {
  return unpackPatientSecret(await unwrapWith(seed, contextOf(id, institution), wrap));
}
