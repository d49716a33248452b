import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signStatement } from '../testing/signing.ts';
import { isSignedBy } from './statement.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const statement = Buffer.from('a statement');

describe('a signed statement', () => {
  it('is of the key, over these bytes, in the one form with low S', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        expect(isSignedBy(publicKey, bytes, signStatement({ privateKey }, bytes))).toBe(true);
        expect(isSignedBy(publicKey, bytes, signStatement({ privateKey }, bytes, true))).toBe(false);
        expect(
          isSignedBy(publicKey, Buffer.concat([bytes, Buffer.from('x')]), signStatement({ privateKey }, bytes)),
        ).toBe(false);
      }),
    );
  });

  it('is not of another key', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(isSignedBy(other.publicKey, statement, signStatement({ privateKey }, statement))).toBe(false);
  });

  it('is nothing that is no signature', () => {
    const key = createPublicKey(privateKey);
    for (const text of ['', 'AAAA', 'A'.repeat(96)]) expect(isSignedBy(key, statement, text)).toBe(false);
  });
});
