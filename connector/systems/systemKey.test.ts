import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { systemKeyOf } from './systemKey.ts';

const seed = new Uint8Array(32).fill(7);
const system = `dev-${'a'.repeat(26)}`;

it('derives the same keys of a seed and an id each time, and others of another seed or id', async () => {
  const first = await systemKeyOf(seed, system);
  const again = await systemKeyOf(seed, system);
  expect(again.public).toEqual(first.public);
  expect(again.readingKey).toBe(first.readingKey);
  const others = [await systemKeyOf(seed, `dev-${'b'.repeat(26)}`), await systemKeyOf(new Uint8Array(32), system)];
  const all = [first, ...others];
  expect(new Set(all.map((key) => key.public.hash)).size).toBe(3);
  expect(new Set(all.map((key) => key.readingKey)).size).toBe(3);
});

it('gives a P-256 key whose signature its public key takes, and the hash by which ledgers know it', async () => {
  const { privateKey, public: known, readingKey } = await systemKeyOf(seed, system);
  const publicKey = createPublicKey({ key: known.spki, format: 'der', type: 'spki' });
  expect(publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  const message = Buffer.from('capture');
  expect(verify('sha256', message, publicKey, sign('sha256', message, privateKey))).toBe(true);
  expect(known.hash).toBe(createHash('sha256').update(known.spki).digest('hex'));
  expect(readingKey).toMatch(/^[A-Za-z0-9_-]{1622}$/);
});
