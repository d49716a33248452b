import { setTimeout as delay } from 'node:timers/promises';
import { copyBytes } from '#crypto/bytes.ts';
import { decodeFrame } from '#crypto/telemetry/frame.ts';
import { openFrame } from '#crypto/telemetry/seal.ts';
import { type Digest, digestOfWire } from '#monitoring/digest.ts';
import { envelope, gapOfPeriod, spansOfDigests } from '#monitoring/downsample.ts';
import type { Portal } from '#server/portal.ts';
import { readFrames } from '#server/telemetry/service.ts';
import { historyOf } from '../../devices/history.ts';
import { boxes, faultsOf } from '../../devices/wearers.ts';
import { percentile, round } from '../statistics.ts';
import type { RealDevice } from './realDevice.ts';

const dayMs = 86_400_000;
const columns = 1_000;

/**
 * What a plot of a year takes: frames of the read model, opened and checked, and the lines of all series. In the browser's own code,
 * without the browser. 95th of a hundred, in milliseconds. The device has told a year before.
 */
export async function measureYear(
  portal: Portal,
  { device, patient, doctor }: RealDevice,
  rounds: number,
): Promise<number> {
  const [box] = boxes;
  if (box === undefined) throw new Error('The demonstration has no devices.');
  const { kind, wearer } = box;
  const now = Date.now();
  await device.tell(historyOf({ kind, body: wearer.body, episodes: [], faults: faultsOf(box) }, now, 365, {}));
  while (device.pending > 0) await delay(200);
  const times: number[] = [];
  let days = 0;
  for (let turn = 0; turn < rounds + 3; turn += 1) {
    const started = performance.now();
    const from = new Date(now - 366 * dayMs).toISOString();
    const query = { patient, kind: ['day' as const], from, limit: 1_000 };
    const digests: Digest[] = [];
    for (const { bytes } of await readFrames(doctor.actor, query, portal)) {
      const frame = decodeFrame(copyBytes(bytes));
      const { items } = await openFrame(doctor.keyOf(patient, frame.g, frame.e), frame);
      digests.push(...items.map((item) => digestOfWire(item, frame.f, 'day')));
    }
    for (const name of new Set(digests.map(({ series }) => series))) {
      const own = digests.filter(({ series }) => series === name);
      const window = { from: now - 365 * dayMs, to: now, columns, gapMs: gapOfPeriod('day') };
      days = Math.max(days, own.length);
      envelope(spansOfDigests(own, name), window);
    }
    if (turn >= 3) times.push(performance.now() - started);
  }
  if (days < 360) throw new Error(`The year has ${days} days.`);
  return round(percentile(times, 0.95));
}
