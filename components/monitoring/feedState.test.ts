import { describe, expect, it } from 'vitest';
import type { ShownFrame } from '#components/vault/readingOperations.ts';
import { digestsOf } from '#monitoring/digest.ts';
import { flags, type Reading } from '#monitoring/reading.ts';
import { emptyFeed, keptMs, newestOf, withFrames } from './feedState.ts';
import { linesOf, withPresent } from './plotLines.ts';

const now = Date.UTC(2027, 0, 10, 12);
const facts = { hash: 'f1', device: 'dev-a', generation: 1, epoch: 2, from: now, to: now };
const pulse = (at: number, value: number, set = 0): Reading => ({
  at,
  measure: 'heartRate',
  values: [value],
  flags: set,
});
const frameOf = (readings: Reading[], hash = 'f1'): ShownFrame => ({ ...facts, hash, kind: 'readings', readings });

describe('what a page knows of a patient', () => {
  it('is in the order of time whatever came first, says where each reading stands, and lets go of what is over', () => {
    const first = withFrames(emptyFeed, [frameOf([pulse(now - 1_000, 72), pulse(now - keptMs - 1, 60)], 'late')], now);
    const { readings } = withFrames(first, [frameOf([pulse(now - 5_000, 70), pulse(now, 74)], 'early')], now);
    expect(readings.map(({ values, origin }) => [values[0], origin.frame, origin.index])).toEqual([
      [70, 'early', 0],
      [72, 'late', 0],
      [74, 'early', 1],
    ]);
    expect(withFrames({ ...emptyFeed, readings }, [], now + keptMs).readings).toHaveLength(1);
  });

  it('merges digests of one hour that came in parts, and counts what was refused', () => {
    const hour = (readings: Reading[]): ShownFrame => ({
      ...facts,
      kind: 'hour',
      digests: digestsOf(readings, 'hour'),
    });
    const refused: ShownFrame = {
      ...facts,
      kind: 'refused',
      problem: { code: 'FRAME_SEALED', message: '', detail: '' },
    };
    const state = withFrames(emptyFeed, [hour([pulse(now, 60)]), hour([pulse(now + 1, 90)]), refused, refused], now);
    expect(state.hour).toMatchObject([{ count: 2, min: 60, max: 90 }]);
    expect(state.refused).toEqual({ FRAME_SEALED: 2 });
  });

  it('takes no value that a sensor doubted for the newest', () => {
    const readings = [pulse(now - 1_000, 72), pulse(now, 190, flags.poorSignal)];
    expect(newestOf(readings).heartRate).toEqual({ at: now - 1_000, value: 72 });
  });

  it('draws a month with the hour that no device has told yet, and none twice', () => {
    const past = digestsOf([pulse(now - 7_200_000, 60), pulse(now, 70)], 'hour');
    const told = withFrames(emptyFeed, [{ ...facts, kind: 'hour', digests: past.slice(0, 1) }], now);
    const state = withFrames(told, [frameOf([pulse(now - 7_200_000, 60), pulse(now, 70)])], now);
    expect(withPresent('hour', state).map(({ count }) => count)).toEqual([1, 1]);
    const [plot] = linesOf(state, 'month', {});
    expect(plot?.lines[0]?.spans.map(({ max }) => max)).toEqual([60, 70]);
    expect(linesOf(state, 'year', {})[0]?.lines[0]?.spans).toHaveLength(1);
  });
});
