import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from 'vitest';
import { createSigner, derSignature, lowS } from './signer.ts';

const order = p256.Point.Fn.ORDER;
const bytes = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

describe('createSigner', () => {
  it('signs so that OpenSSL verifies it, always with the lower s', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signer = createSigner(privateKey);
    for (let index = 0; index < 64; index += 1) {
      const message = Buffer.from(`proposal ${index}`);
      const signature = await signer(message);
      expect(verify('sha256', message, publicKey, signature)).toBe(true);
      const { s } = p256.Signature.fromBytes(signature, 'der');
      expect(s <= order / 2n).toBe(true);
    }
  });

  it('refuses a key of another curve', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(() => createSigner(privateKey)).toThrow('P-256');
  });
});

describe('lowS', () => {
  it('takes the lower of the two', () => {
    expect(lowS(bytes(5n))).toEqual(bytes(5n));
    expect(lowS(bytes(order / 2n))).toEqual(bytes(order / 2n));
    expect(lowS(bytes(order / 2n + 1n))).toEqual(bytes(order / 2n));
    expect(lowS(bytes(order - 1n))).toEqual(bytes(1n));
  });
});

describe('derSignature', () => {
  it('writes what another library writes, with leading zeros and leading ones', () => {
    const hash = createHash('sha256').update('any').digest();
    const values = [1n, 127n, 128n, 255n, 256n, BigInt(`0x${hash.toString('hex')}`) % order, order - 1n];
    for (const r of values) {
      for (const s of values) {
        const expected = new p256.Signature(r, s).toBytes('der');
        expect(Buffer.from(derSignature(bytes(r), bytes(s)))).toEqual(Buffer.from(expected));
      }
    }
  });
});
