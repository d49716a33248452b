import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, randomBytes, toHex, utf8 } from './bytes.ts';
import { deriveKey, sha256Hex } from './derive.ts';
import { deriveSigningKey, derSignature, generateSigningKey, importSigningKey, signMessage } from './signingKey.ts';

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const bytes32 = (value: bigint) => fromHex(value.toString(16).padStart(64, '0'));
const raw = (r: bigint, s: bigint) => Uint8Array.of(...bytes32(r), ...bytes32(s));

describe('a signing key', () => {
  it('signs DER with low-S that OpenSSL verifies', async () => {
    const key = await importSigningKey(await generateSigningKey());
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', key.publicKey));
    const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    expect(key.hash).toBe(sha256Hex(spki));
    for (let round = 0; round < 40; round += 1) {
      const message = randomBytes(round);
      const signature = await signMessage(key.privateKey, message);
      expect(verify('sha256', message, publicKey, signature)).toBe(true);
      const s = signature.subarray(-(signature[5 + (signature[3] ?? 0)] ?? 0));
      expect(BigInt(`0x${toHex(s)}`) <= order / 2n).toBe(true);
    }
  });

  it('cannot be taken out again', async () => {
    const key = await importSigningKey(await generateSigningKey());
    expect(key.privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('pkcs8', key.privateKey)).rejects.toThrow();
  });

  it('is a P-256 key and nothing else', async () => {
    const p384 = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify']);
    const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', p384.privateKey));
    const refused = expect.objectContaining({ code: 'KEY_LENGTH' });
    await expect(importSigningKey(pkcs8)).rejects.toThrow(refused);
    await expect(importSigningKey(randomBytes(138))).rejects.toThrow(refused);
    await expect(importSigningKey((await generateSigningKey()).slice(0, -1))).rejects.toThrow(refused);
  });
});

describe('a derived signing key', () => {
  it('is the same for the same secret and purpose, another for every other, and one that OpenSSL takes', async () => {
    const secret = randomBytes(32);
    const pkcs8 = deriveSigningKey(secret, 'one');
    expect(deriveSigningKey(secret, 'one')).toEqual(pkcs8);
    expect(deriveSigningKey(secret, 'two')).not.toEqual(pkcs8);
    expect(deriveSigningKey(randomBytes(32), 'one')).not.toEqual(pkcs8);
    const read = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    const { publicKey } = await importSigningKey(pkcs8);
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
    expect(createPublicKey(read).export({ format: 'der', type: 'spki' })).toEqual(Buffer.from(spki));
  });

  it('has the scalar of FIPS 186-5, A.2.1: (c mod (n-1)) + 1 of 384 derived bits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (secret) => {
        const wide = BigInt(`0x${toHex(deriveKey(secret, 'purpose', { length: 48 }))}`);
        const scalar = toHex(deriveSigningKey(secret, 'purpose').slice(36, 68));
        expect(BigInt(`0x${scalar}`)).toBe((wide % (order - 1n)) + 1n);
      }),
      { numRuns: 20 },
    );
  });
});

describe('derSignature', () => {
  it('writes short and high numbers as DER wants them', () => {
    expect(toHex(derSignature(raw(1n, 1n)))).toBe('3006020101020101');
    expect(toHex(derSignature(raw(0x80n, 0x7fn)))).toBe('300702020080' + '02017f');
    expect(toHex(derSignature(raw(1n, order - 2n)))).toBe('3006020101020102');
  });

  it('never writes a high s', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, order - 1n), fc.bigInt(1n, order - 1n), (r, s) => {
        const low = s > order / 2n ? order - s : s;
        expect(derSignature(raw(r, s))).toEqual(derSignature(raw(r, low)));
      }),
    );
  });

  it.each([
    ['a short one', new Uint8Array(63)],
    ['r = 0', raw(0n, 1n)],
    ['s = 0', raw(1n, 0n)],
    ['r = n', raw(order, 1n)],
    ['s = n', raw(1n, order)],
  ])('refuses %s', (_, signature) => {
    expect(() => derSignature(signature)).toThrow(expect.objectContaining({ code: 'KEY_LENGTH' }));
  });

  it('does not sign a digest in place of its message', async () => {
    const key = await importSigningKey(await generateSigningKey());
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', key.publicKey));
    const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    const digest = fromHex(sha256Hex(utf8('message')));
    expect(verify('sha256', utf8('message'), publicKey, await signMessage(key.privateKey, digest))).toBe(false);
  });
});
