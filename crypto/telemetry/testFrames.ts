/** A device that seals frames, for tests. */
import { generateKeyPairSync } from 'node:crypto';
import type { Bytes } from '../bytes.ts';
import { nodeFrameSigner, nodeFrameVerifier } from './nodeSignature.ts';
import { type FrameContent, type SealedFrame, sealFrame } from './seal.ts';

export const testContent: FrameContent = {
  patient: 'pt-0-aaaaaaaaaaaaaaaaaaaaaaaaaa',
  device: 'dev-bbbbbbbbbbbbbbbbbbbbbbbbbb',
  stream: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  number: 1,
  generation: 1,
  epoch: 2,
  kind: 'readings',
  from: 1_790_000_000_000,
  to: 1_790_000_024_000,
  items: Array.from({ length: 25 }, (_, index) => [index * 1_000, 1 + (index % 3), 60 + index]),
};

export function testDevice() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
  const sign = nodeFrameSigner(privateKey);
  const seal = (key: Bytes, content: Partial<FrameContent> = {}): Promise<SealedFrame> =>
    sealFrame(key, { ...testContent, ...content }, sign);
  return { spki, sign, seal, verify: nodeFrameVerifier(spki) };
}
