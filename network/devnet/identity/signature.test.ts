import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeSignature, raiseS, signLowS, verifyLowS } from './signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const message = Buffer.from('a message');

describe('signatures', () => {
  it('are low S and verify, every time', () => {
    for (let round = 0; round < 50; round += 1) {
      const signature = signLowS(privateKey, Buffer.from([round]));
      expect(verifyLowS(publicKey, Buffer.from([round]), signature)).toBe(true);
    }
  });

  it('are refused with a high S, though OpenSSL would take them', () => {
    expect(verifyLowS(publicKey, message, raiseS(signLowS(privateKey, message)))).toBe(false);
  });

  it('are refused for another message or key', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    expect(verifyLowS(publicKey, Buffer.from('another'), signLowS(privateKey, message))).toBe(false);
    expect(verifyLowS(other, message, signLowS(privateKey, message))).toBe(false);
  });

  it.each([
    ['no bytes', Buffer.alloc(0)],
    ['not DER', Buffer.from('hello')],
    ['cut short', signLowS(privateKey, message).subarray(0, 40)],
  ])('are refused when they are %s', (_name, bytes) => {
    expect(verifyLowS(publicKey, message, bytes)).toBe(false);
  });

  it('are read back from what OpenSSL writes', () => {
    expect(decodeSignature(sign('sha256', message, privateKey))).toBeDefined();
  });
});
