import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { randomBytes, toHex } from '#crypto/bytes.ts';
import { telemetryFrames } from '../../gateways/db/schema/telemetry.ts';
import { World } from '../../testing/world.ts';
import { type CheckedFrame, FrameWriter } from './writer.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 120_000);
afterAll(() => world?.stop());

const patients = ['pt-0-aaaaaaaaaaaaaaaaaaaaaaaaaa', 'pt-0-bbbbbbbbbbbbbbbbbbbbbbbbbb'] as const;
const frame = (stream: string, number: number, patient: string = patients[0]): CheckedFrame => ({
  ...{ channel: 'care-0', patient, device: 'dev-aaaaaaaaaaaaaaaaaaaaaaaaaa', stream, number, generation: 1, epoch: 0 },
  ...{ kind: 'readings', readings: 1, from: new Date(), to: new Date(), alert: null },
  ...{ hash: toHex(randomBytes(32)), bytes: Buffer.from(randomBytes(8)) },
});

describe('streams', () => {
  it('are of one patient, and whoever mixes them keeps nobody else waiting', async () => {
    const end = new AbortController();
    const writer = new FrameWriter(world.portal.db, end.signal);
    const [mixed, straight] = [toHex(randomBytes(8)), toHex(randomBytes(8))];
    const first = [frame(mixed, 1), frame(mixed, 2, patients[1]), frame(straight, 1)];
    expect(await writer.write(first)).toEqual(['taken', 'STREAM_CLOSED', 'taken']);
    const other = writer.write([frame(mixed, 2, patients[1])]);
    const own = writer.write([frame(straight, 2), frame(mixed, 2)]);
    expect([await other, await own]).toEqual([['STREAM_CLOSED'], ['taken', 'taken']]);
    // Also by a process that has seen nothing of it.
    const restarted = new FrameWriter(world.portal.db, end.signal);
    expect(await restarted.write([frame(mixed, 3, patients[1]), frame(mixed, 3)])).toEqual(['STREAM_CLOSED', 'taken']);
    end.abort();
  });

  it('that are forgotten to make room are looked up again, and leave no gap', async () => {
    const end = new AbortController();
    const writer = new FrameWriter(world.portal.db, end.signal, undefined, 1);
    const [one, two, three] = [toHex(randomBytes(8)), toHex(randomBytes(8)), toHex(randomBytes(8))];
    await writer.write([frame(one, 1), frame(two, 1)]);
    expect(await writer.write([frame(one, 2), frame(three, 1)])).toEqual(['taken', 'taken']);
    end.abort();
  });
});

describe('places', () => {
  it('are seen in their order, whichever process gave them out', async () => {
    const { db } = world.portal;
    const end = new AbortController();
    const [slow, quick] = [new FrameWriter(db, end.signal), new FrameWriter(db, end.signal)];
    const [held, beside, other] = [toHex(randomBytes(8)), toHex(randomBytes(8)), toHex(randomBytes(8))];
    const seen: string[] = [];
    const waiting = async () => {
      const { rows } = await db.execute(
        sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return rows.length;
    };
    const writing: Promise<unknown>[] = [];
    const release = Promise.withResolvers<void>();
    // Somebody holds the place of one frame, so that the transaction that has begun to write others cannot end.
    const holding = db.transaction(async (tx) => {
      await tx.insert(telemetryFrames).values(frame(held, 1));
      writing.push(slow.write([frame(beside, 1), frame(held, 1)]).then(() => seen.push('slow')));
      await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 10_000 });
      writing.push(quick.write([frame(other, 1)]).then(() => seen.push('quick')));
      await vi.waitFor(async () => expect((await waiting()) + seen.length).toBe(2), { timeout: 10_000 });
      await release.promise;
      tx.rollback();
    });
    await vi.waitFor(() => expect(writing).toHaveLength(2), { timeout: 25_000 });
    release.resolve();
    await expect(holding).rejects.toThrow();
    await Promise.all(writing);
    expect(seen).toEqual(['slow', 'quick']);
    end.abort();
  });
});
