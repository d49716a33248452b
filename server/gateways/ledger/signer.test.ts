import { createPublicKey, generateKeyPairSync, verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { testKey } from '../../testing/certificate.ts';
import { isSignedBy, newSigner, signingKeyHash } from './signer.ts';

const halfOrder = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n / 2n;

function partsOf(der: Uint8Array): { r: bigint; s: bigint } {
  const bytes = Buffer.from(der);
  const rLength = bytes[3] ?? 0;
  const sLength = bytes[5 + rLength] ?? 0;
  const number = (part: Buffer) => BigInt(`0x${part.toString('hex')}`);
  return {
    r: number(bytes.subarray(4, 4 + rLength)),
    s: number(bytes.subarray(6 + rLength, 6 + rLength + sLength)),
  };
}

describe('signer', () => {
  it('makes DER signatures with low S that OpenSSL accepts', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signer = newSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    for (let number = 0; number < 200; number += 1) {
      const message = Buffer.from(`message ${number}`);
      const signature = await signer(message);
      expect(
        verify('sha256', message, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), signature),
      ).toBe(true);
      expect(partsOf(signature).s <= halfOrder).toBe(true);
    }
  });
});

describe('a signature', () => {
  it('is checked against the certificate, the message and its own bytes', async () => {
    const [one, other] = await Promise.all([testKey('one'), testKey('other')]);
    const message = Buffer.from('a proposal');
    const signature = Buffer.from(await one.sign(message), 'base64url');
    expect(isSignedBy(one.certificatePem, message, signature)).toBe(true);
    expect(isSignedBy(other.certificatePem, message, signature)).toBe(false);
    expect(isSignedBy(one.certificatePem, Buffer.from('another'), signature)).toBe(false);
    expect(isSignedBy(one.certificatePem, message, Buffer.from('no DER'))).toBe(false);
    expect(isSignedBy('no certificate', message, signature)).toBe(false);
    expect(signingKeyHash(one.certificatePem)).toMatch(/^[0-9a-f]{64}$/);
    expect(new X509Certificate(one.certificatePem).subject).toBe('CN=one');
  });
});
