import { createPrivateKey, createPublicKey } from 'node:crypto';
import { fromBase64Url } from '#crypto/bytes.ts';
import { batchesOf } from '#crypto/telemetry/batch.ts';
import { nodeFrameSigner, nodeFrameVerifier } from '#crypto/telemetry/nodeSignature.ts';
import { proveReading, verifyReading } from '#crypto/telemetry/proof.ts';
import { sealFrame } from '#crypto/telemetry/seal.ts';
import { mean, round } from '../statistics.ts';
import type { LightIdentity } from './lightDevice.ts';

/** How long it takes to check, offline, that one reading is in a batch of so many frames; milliseconds. */
export async function measureProofs(
  { device, circle, privateKeyPem }: LightIdentity,
  { rounds, readings }: { rounds: number; readings: number },
): Promise<number> {
  if (circle === undefined) throw new Error('The device is in no circle.');
  const { key: encoded, ...place } = circle;
  const key = fromBase64Url(encoded);
  const privateKey = createPrivateKey(privateKeyPem);
  const sign = nodeFrameSigner(privateKey);
  const verifier = nodeFrameVerifier(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
  const at = Date.now();
  const frames: Uint8Array[] = [];
  for (let number = 1; number <= 60; number += 1) {
    const items = Array.from({ length: readings }, (_, index) => [index, 1, 60 + (index % 40)]);
    const content = { ...place, device, stream: new Uint8Array(8), number, kind: 'readings' as const };
    frames.push((await sealFrame(key, { ...content, from: at, to: at + readings, items }, sign)).bytes);
  }
  const [sealed] = batchesOf(frames);
  if (sealed === undefined) throw new Error('There is no batch.');
  const proof = await proveReading(key, sealed, { frame: 31, index: Math.floor(readings / 2) });
  const times: number[] = [];
  for (let turn = 0; turn < rounds + 5; turn += 1) {
    const started = performance.now();
    await verifyReading(proof, sealed.batch, () => verifier);
    if (turn >= 5) times.push(performance.now() - started);
  }
  return round(mean(times), 2);
}
