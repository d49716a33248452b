import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomBytes, toHex } from '#crypto/bytes.ts';
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
});
