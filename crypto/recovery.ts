import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { type Bytes, randomBytes, toBase64Url, wipe } from './bytes.ts';
import { deriveKey } from './derive.ts';
import { CryptoError } from './errors.ts';

/** A new recovery phrase (BIP-39, English) of 12 or 24 words. */
export function createRecoveryPhrase(words: 12 | 24 = 12): string {
  const entropy = randomBytes(words === 12 ? 16 : 32);
  const phrase = entropyToMnemonic(entropy, wordlist);
  wipe(entropy);
  return phrase;
}

/** Words of what a person typed: lower case, single spaces, numbering such as `1.` left out. */
export const phraseWords = (typed: string): string[] =>
  typed
    .slice(0, 1000)
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');

/** Throws `PHRASE_LENGTH`, `PHRASE_WORD` (with the word's position, from 1, in `detail`) or `PHRASE_CHECK`. */
function entropyOf(typed: string): Uint8Array {
  const words = phraseWords(typed);
  if (words.length !== 12 && words.length !== 24) throw new CryptoError('PHRASE_LENGTH', `${words.length} words`);
  const unknown = words.findIndex((word) => !wordlist.includes(word));
  if (unknown >= 0) throw new CryptoError('PHRASE_WORD', `word ${unknown + 1}: ${words[unknown]}`);
  try {
    return mnemonicToEntropy(words.join(' '), wordlist);
  } catch (cause) {
    throw new CryptoError('PHRASE_CHECK', '', { cause });
  }
}

function deriveFrom(typed: string, purpose: string): Bytes {
  const entropy = entropyOf(typed);
  const key = deriveKey(entropy, purpose);
  wipe(entropy);
  return key;
}

/** The wrapping key of a recovery phrase; never sent. Throws `PHRASE_LENGTH`, `PHRASE_WORD` or `PHRASE_CHECK`. */
export const recoveryKeyOf = (typed: string): Bytes => deriveFrom(typed, 'medloom/vault/recovery/v1');

/**
 * What proves to the server that one has the phrase, base64url; it opens nothing. Throws as `recoveryKeyOf`.
 */
export const recoverySecretOf = (typed: string): string =>
  toBase64Url(deriveFrom(typed, 'medloom/sign-in/recovery/v1'));
