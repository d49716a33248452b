import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Anchored, Batch, StreamPart } from '../../model/telemetry.ts';
import { type CircleCare, createCircleCare } from '../../testing/circles.ts';
import type { Endorsed } from '../../testing/ledger.ts';

/** What holds of anchors, whatever gateways send, in whatever order, and however often. */

const streams = [
  ['sensor', 'a'.repeat(16)],
  ['sensor', 'b'.repeat(16)],
  ['hub', 'a'.repeat(16)],
] as const;

/** A batch: of each stream so many frames, from the one that is due on, or from one before or after it. */
const wish = fc.array(
  fc.record({
    stream: fc.nat({ max: 2 }),
    beside: fc.constantFrom(0, 0, 0, -1, 1),
    frames: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 2 },
);
type Wish = typeof wish extends fc.Arbitrary<infer Made> ? Made : never;

/** By how far the ledger has the streams now. */
async function batchOf(care: CircleCare, seed: number, wished: Wish): Promise<Batch> {
  const parts = new Map<number, StreamPart>();
  for (const { stream, beside, frames } of wished) {
    const [device, name] = streams[stream] ?? streams[0];
    const first = Math.max(1, (await lastOf(care, [device, name])) + 1 + beside);
    parts.set(stream, care.partOf(first, first + frames - 1, device, name));
  }
  return care.batchOf(seed, { streams: [...parts.values()] });
}

async function begin(): Promise<CircleCare> {
  const care = await createCircleCare();
  await care.gather();
  await care.seat(care.device('hub').id);
  return care;
}

const acceptedOf = (batches: readonly Batch[], { result }: Endorsed): Batch[] => {
  const { outcomes }: Anchored = JSON.parse(result);
  return batches.filter((_batch, index) => outcomes[index]?.outcome === 'accepted');
};

async function lastOf(care: CircleCare, [device, stream]: (typeof streams)[number]): Promise<number> {
  const names = [care.subject, care.device(device).id, stream] as const;
  return (await care.evaluate<{ last: number }>(care.world.people.service, 'telemetry:readStream', ...names)).last;
}

/** Numbers of a stream's frames in batches, in order. */
function framesIn(care: CircleCare, batches: readonly Batch[], [device, stream]: (typeof streams)[number]): number[] {
  const own = batches
    .flatMap((batch) => batch.streams)
    .filter((part) => {
      return part.device === care.device(device).id && part.stream === stream;
    });
  return own
    .flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index))
    .toSorted((a, b) => a - b);
}

it('each frame is in one batch, and none before the last is left out, however transactions overtake each other', async () => {
  const sums = { valid: 0, overtaken: 0, accepted: 0 };
  const rounds = fc.array(fc.array(fc.array(wish, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), {
    minLength: 3,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(rounds, async (made) => {
      const care = await begin();
      const anchored: Batch[] = [];
      const seeds = Array.from({ length: 100 }, (_, index) => index + 1).values();
      const nextSeed = () => seeds.next().value ?? 0;
      for (const round of made) {
        const sent: Batch[][] = [];
        for (const wishes of round) {
          const batches: Batch[] = [];
          for (const wished of wishes) batches.push(await batchOf(care, nextSeed(), wished));
          sent.push(batches);
        }
        // All are endorsed before the first is in a block.
        const endorsed = await Promise.all(sent.map((batches) => care.world.ledger.endorse(care.anchorOrder(batches))));
        for (const [index, one] of endorsed.entries()) {
          const batches = sent[index] ?? [];
          const isValid = care.world.ledger.commit(one) === 'VALID';
          sums[isValid ? 'valid' : 'overtaken'] += 1;
          if (!isValid) continue;
          const accepted = acceptedOf(batches, one);
          anchored.push(...accepted);
          sums.accepted += accepted.length;
        }
      }
      for (const stream of streams) {
        const last = await lastOf(care, stream);
        expect(framesIn(care, anchored, stream)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
      }
    }),
    { numRuns: 15 },
  );
  // Histories in which nothing happens would prove nothing.
  expect(Math.min(sums.valid, sums.overtaken, sums.accepted)).toBeGreaterThan(10);
}, 120_000);

it('the same batches leave the same state, each in a transaction or many in one, and sent again change nothing', async () => {
  const at = new Date();
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { minLength: 1, maxLength: 12 }), async (made) => {
      const [one, many] = [await begin(), await begin()];
      const send = async (care: CircleCare, some: Batch[]) => {
        const endorsed = await care.world.ledger.submit({ ...care.anchorOrder(some), at });
        return { endorsed, accepted: acceptedOf(some, endorsed) };
      };
      const batches: Batch[] = [];
      const apart: Batch[] = [];
      for (const [index, wished] of made.entries()) {
        const batch = await batchOf(one, index + 1, wished);
        batches.push(batch);
        apart.push(...(await send(one, [batch])).accepted);
      }
      const together = (await send(many, batches)).accepted;
      expect(together).toEqual(apart);
      const types = ['batch', 'patientBatch', 'stream'];
      const rowsOf = (care: CircleCare) => {
        const { state } = care.world.ledger.namespace('care-0', 'care');
        const rows = [...state].filter(([key]) => types.includes(key.split('\u0000')[1] ?? ''));
        return rows.map(([key, { value }]) => `${key} ${Buffer.from(value)}`).toSorted();
      };
      expect(rowsOf(many)).toEqual(rowsOf(one));
      if (apart.length === 0) return;
      const again = await send(many, apart);
      expect(again.accepted).toEqual([]);
      expect([...again.endorsed.simulation.writes.keys()]).toEqual([]);
    }),
    { numRuns: 15 },
  );
}, 120_000);
