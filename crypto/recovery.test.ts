import { expect, it } from 'vitest';
import { fromBase64Url, toHex } from './bytes.ts';
import { createRecoveryPhrase, phraseWords, recoveryKeyOf, recoverySecretOf } from './recovery.ts';

const fixed = `${'abandon '.repeat(11)}about`;

it('derives a fixed key from the phrase, however it was typed', () => {
  const key = toHex(recoveryKeyOf(fixed));
  expect(key).toMatchInlineSnapshot(`"565da29a70fb1eaae4b498b572a7a3537654fd0a345224be678bb64d1fa29a8e"`);
  const numbered = phraseWords(fixed).map((word, index) => `${index + 1}. ${word.toUpperCase()}`);
  expect(toHex(recoveryKeyOf(numbered.join('\n')))).toBe(key);
});

it('derives from the same phrase a secret that is sent, and that is not the key', () => {
  const secret = recoverySecretOf(fixed.toUpperCase());
  expect(secret).toMatchInlineSnapshot(`"LZ7fyFkQlr56JHwikQ3i-t015FT72yZ-hr6ebjFjosA"`);
  expect(fromBase64Url(secret)).toHaveLength(32);
  expect(toHex(fromBase64Url(secret))).not.toBe(toHex(recoveryKeyOf(fixed)));
  expect(recoverySecretOf(createRecoveryPhrase())).not.toBe(secret);
});

it('makes phrases of 12 and of 24 words that it reads', () => {
  for (const words of [12, 24] as const) {
    const phrase = createRecoveryPhrase(words);
    expect(phraseWords(phrase)).toHaveLength(words);
    expect(recoveryKeyOf(phrase)).toHaveLength(32);
  }
  expect(createRecoveryPhrase()).not.toBe(createRecoveryPhrase());
});

it.each([
  ['PHRASE_LENGTH', 'abandon about', '2 words'],
  ['PHRASE_LENGTH', '', '0 words'],
  ['PHRASE_WORD', fixed.replace('about', 'abuot'), 'word 12: abuot'],
  ['PHRASE_CHECK', 'abandon '.repeat(12), ''],
])('names the mistake: %s', (code, typed, detail) => {
  for (const derive of [recoveryKeyOf, recoverySecretOf]) {
    expect(() => derive(typed)).toThrow(expect.objectContaining({ code, detail }));
  }
});
