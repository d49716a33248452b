import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { type Bytes, randomBytes, wipe } from './bytes.ts';
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

/**
 * The wrapping key of a recovery phrase. Throws `PHRASE_LENGTH`, `PHRASE_WORD` (with the word's position, from 1, in
 * `detail`) or `PHRASE_CHECK`.
 */
export function recoveryKeyOf(typed: string): Bytes {
  const words = phraseWords(typed);
  if (words.length !== 12 && words.length !== 24) throw new CryptoError('PHRASE_LENGTH', `${words.length} words`);
  const unknown = words.findIndex((word) => !wordlist.includes(word));
  if (unknown >= 0) throw new CryptoError('PHRASE_WORD', `word ${unknown + 1}: ${words[unknown]}`);
  let entropy: Uint8Array;
  try {
    entropy = mnemonicToEntropy(words.join(' '), wordlist);
  } catch (cause) {
    throw new CryptoError('PHRASE_CHECK', '', { cause });
  }
  const key = deriveKey(entropy, 'medloom/vault/recovery/v1');
  wipe(entropy);
  return key;
}
