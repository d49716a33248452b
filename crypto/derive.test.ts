import { expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from './bytes.ts';
import { deriveKey, requireLength, sha256Hex } from './derive.ts';

it('derives as RFC 5869, test case 3, without salt and info', () => {
  const key = deriveKey(fromHex('0b'.repeat(22)), '', { length: 42 });
  expect(toHex(key)).toBe('8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8');
});

it('agrees with Web Crypto on salt and info', async () => {
  const secret = fromHex('0b'.repeat(22));
  const imported = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const salt = fromHex('000102030405060708090a0b0c');
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt, info: utf8('medloom/test') },
    imported,
    256,
  );
  expect(deriveKey(secret, 'medloom/test', { salt })).toEqual(new Uint8Array(bits));
});

it('hashes the vector of FIPS 180-4', () => {
  expect(sha256Hex(utf8('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('names the key whose length is wrong', () => {
  expect(() => requireLength(new Uint8Array(31), 32, 'data key')).toThrow(
    expect.objectContaining({ code: 'KEY_LENGTH', detail: 'data key: 31 bytes, not 32' }),
  );
});
