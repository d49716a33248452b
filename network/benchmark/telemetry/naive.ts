import { createPrivateKey } from 'node:crypto';
import { fromBase64Url, randomBytes } from '#crypto/bytes.ts';
import { batchOf } from '#crypto/telemetry/batch.ts';
import { nodeFrameSigner } from '#crypto/telemetry/nodeSignature.ts';
import { sealFrame } from '#crypto/telemetry/seal.ts';
import type { Portal } from '#server/portal.ts';
import { telemetryMsp } from '../../channels.ts';
import { round } from '../statistics.ts';
import type { LightIdentity } from './lightDevice.ts';

/** So many readings are on their way at once; the best of them counts. */
const concurrencies = [32, 128, 256];
/** Before they count: until as many are on their way as shall be. */
const warmUpMs = 3_000;

/**
 * The other way: each reading sealed by itself, its ciphertext on IPFS, its root on the ledger in a transaction of its own; without a
 * broker or a database before it, which only makes it quicker. Readings a second, at the concurrency at which it does best.
 */
export async function measureNaive(
  portal: Portal,
  gateway: string,
  devices: readonly LightIdentity[],
  seconds: number,
): Promise<{ naivePerSecond: number; naiveAtOnce: number }> {
  let best = { naivePerSecond: 0, naiveAtOnce: 0 };
  for (const atOnce of new Set(concurrencies.map((count) => Math.min(count, devices.length)))) {
    const naivePerSecond = await measureAt(portal, gateway, devices, { seconds, atOnce });
    if (naivePerSecond > best.naivePerSecond) best = { naivePerSecond, naiveAtOnce: atOnce };
  }
  return best;
}

async function measureAt(
  portal: Portal,
  gateway: string,
  devices: readonly LightIdentity[],
  { seconds, atOnce }: { seconds: number; atOnce: number },
): Promise<number> {
  let anchored = 0;
  const started = performance.now();
  const counted = started + warmUpMs;
  const until = counted + seconds * 1_000;
  const one = async ({ device, circle, privateKeyPem }: LightIdentity): Promise<void> => {
    if (circle === undefined) return;
    const { key, ...place } = circle;
    const [stream, sign] = [randomBytes(8), nodeFrameSigner(createPrivateKey(privateKeyPem))];
    for (let number = 1; performance.now() < until; number += 1) {
      const at = Date.now();
      const times = { from: at, to: at, items: [[0, 1, 72]] };
      const content = { ...place, device, stream, number, kind: 'readings' as const, ...times };
      const { bytes } = await sealFrame(fromBase64Url(key), content, sign);
      const { batch, bytes: block } = batchOf([bytes]);
      await portal.ipfs.add(block);
      const channel = `care-${circle.patient.split('-')[1]}`;
      const request = { mspId: telemetryMsp, system: gateway, channel, batches: [batch] };
      const { outcomes } = await portal.connector.anchor(request);
      const [outcome] = outcomes;
      if (outcome?.outcome !== 'accepted') throw new Error(`A reading by itself was ${outcome?.code}.`);
      const now = performance.now();
      if (now >= counted && now < until) anchored += 1;
    }
  };
  await Promise.all(spread(devices).slice(0, atOnce).map(one));
  return round(anchored / seconds);
}

/**
 * Devices of different patients first. Those of the same patient do not wait for each other either: each writes its own stream and
 * batch, and what they share is only read.
 */
const spread = (devices: readonly LightIdentity[]): LightIdentity[] => {
  const seen = new Map<string, number>();
  return devices
    .map((device) => {
      const patient = device.circle?.patient ?? '';
      const turn = seen.get(patient) ?? 0;
      seen.set(patient, turn + 1);
      return { device, turn };
    })
    .sort((one, other) => one.turn - other.turn)
    .map(({ device }) => device);
};
