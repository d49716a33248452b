import { decode, encode } from '@ipld/dag-cbor';
import { type Bytes, copyBytes, equalBytes } from './bytes.ts';
import { CryptoError, type CryptoErrorCode } from './errors.ts';

/** DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/): one spelling for one value, which signatures and hashes rest on. */

export const encodeCbor = (value: unknown): Bytes => copyBytes(encode(value));

/**
 * Reads at most `most` bytes; throws `refusal` for more, for what is not DAG-CBOR, and for another spelling of a value than
 * `encodeCbor` makes.
 */
export function decodeCbor(bytes: Uint8Array, most: number, refusal: CryptoErrorCode): unknown {
  if (bytes.length > most) throw new CryptoError(refusal, `${bytes.length} bytes`);
  let value: unknown;
  let again: Uint8Array;
  try {
    value = decode<unknown>(bytes);
    again = encode(value);
  } catch (cause) {
    throw new CryptoError(refusal, 'DAG-CBOR', { cause });
  }
  if (!equalBytes(bytes, again)) throw new CryptoError(refusal, 'another spelling of the value');
  return value;
}
