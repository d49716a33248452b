import {
  type HeldRegisterEntry,
  type RegisterEntry,
  type RegisterReference,
  registerEntry,
  type SealedRegisterEntry,
} from '#chaincode/model/controlledRegister.ts';
import { openBytes, sealBytes } from './aead.ts';
import { fromBase64Url, fromUtf8, randomBytes, toBase64Url, utf8, wipe } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import { sha256Hex } from './derive.ts';
import { CryptoError } from './errors.ts';
import type { Reader } from './reader.ts';
import { unwrapWith, type WrapContext, wrapFor } from './wrap.ts';

/** The entry of a controlled medicine in the authority's register: sealed to the authority's reading key, and to nobody else. */

const contextOf = (prescription: string, authority: string): WrapContext => ({
  purpose: 'medloom/prescription/register/v1',
  id: prescription,
  reader: authority,
});
const associated = (prescription: string) => utf8(`medloom/prescription/register/v1 ${prescription}`);

/** Whose reading key an entry is sealed to, and which generation of it. */
export interface RegisterAuthority extends Reader {
  generation: number;
}

/** Seals an entry; the reference to it stands on the prescription. */
export async function sealRegisterEntry(
  entry: RegisterEntry,
  { id: to, readingKey, generation }: RegisterAuthority,
): Promise<{ sealed: SealedRegisterEntry; reference: RegisterReference }> {
  const key = randomBytes(32);
  const plain = utf8(canonicalJson(registerEntry.parse(entry)));
  const [wrap, ciphertext] = await Promise.all([
    wrapFor(readingKey, contextOf(entry.id, to), key),
    sealBytes(key, plain, associated(entry.id)),
  ]);
  wipe(key);
  const sealed = { wrap, ciphertext: toBase64Url(ciphertext) };
  return { sealed, reference: { hash: sha256Hex(utf8(canonicalJson(sealed))), to, generation } };
}

/**
 * Opens an entry with the seed of the authority's reading key. Throws `WRAP_REFUSED` for another key, prescription or any
 * changed byte, `ALTERED` where it speaks of another prescription, author or quantity than the ledger. When it was is the
 * ledger's word too: only the medicine itself is the prescriber's.
 */
export async function openRegisterEntry(
  seed: Uint8Array,
  authority: string,
  held: Omit<HeldRegisterEntry, 'authorInstitution' | 'generation'>,
): Promise<RegisterEntry> {
  const { id, author, quantity, authoredOn, wrap, ciphertext } = held;
  const key = await unwrapWith(seed, contextOf(id, authority), wrap);
  const plain = await openBytes(key, fromBase64Url(ciphertext), associated(id), 'WRAP_REFUSED');
  wipe(key);
  const entry = registerEntry.safeParse(JSON.parse(fromUtf8(plain)));
  if (!entry.success) throw new CryptoError('ALTERED', id);
  const { data } = entry;
  if (data.id !== id || data.author !== author || data.quantity !== quantity) throw new CryptoError('ALTERED', id);
  return { ...data, at: authoredOn };
}
