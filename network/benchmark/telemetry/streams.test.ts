import { describe, expect, it } from 'vitest';
import type { Batch } from '#chaincode/model/telemetry.ts';
import { AnchoredStreams } from './streams.ts';

const batch = (first: number, last: number, readings: number, device = 'dev-a'): Batch => ({
  ...{ id: `tb-0-${device}-${first}`, patient: 'pt-0-x', generation: 1, epoch: 1, cid: 'b', root: '00' },
  ...{ frames: last - first + 1, readings, from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' },
  streams: [{ device, stream: '00', first, last }],
});
const sent = (frames: number, readings: number) => [{ device: 'dev-a', stream: '00', frames, readings }];

function taken(...batches: Batch[]): AnchoredStreams {
  const streams = new AnchoredStreams();
  for (const one of batches) streams.take(one);
  return streams;
}

describe('what the ledger has of a stream', () => {
  it('is each acknowledged frame once, whatever other devices send', () => {
    const streams = taken(batch(1, 2, 20), batch(1, 9, 9, 'dev-b'), batch(3, 3, 10));
    expect(streams.missing(sent(3, 30))).toBe(0);
    expect(streams.requireExactly(sent(3, 30))).toHaveLength(2);
  });

  it.each([
    ['one is lost', [batch(1, 2, 20)], 3, 30],
    ['one is lost in between', [batch(1, 1, 10), batch(3, 3, 20)], 3, 30],
    ['one is there twice', [batch(1, 2, 20), batch(2, 3, 10)], 3, 30],
    ['one is there that was not acknowledged', [batch(1, 4, 30)], 3, 30],
    ['a reading is missing', [batch(1, 3, 29)], 3, 30],
    ['a reading is too many', [batch(1, 3, 31)], 3, 30],
  ])('is refused where %s', (_, batches, frames, readings) => {
    expect(() => taken(...batches).requireExactly(sent(frames, readings))).toThrow('not what was anchored');
  });

  it('counts what is missing until it comes', () => {
    expect(taken(batch(1, 1, 10)).missing(sent(3, 30))).toBe(2);
  });
});
