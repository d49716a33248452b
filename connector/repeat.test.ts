import { expect, it } from 'vitest';
import { pause, repeat } from './repeat.ts';

it('repeats an act, and begins a failed one anew with growing pauses, until it is stopped', async () => {
  const stop = new AbortController();
  const outcomes = ['ok', 'fails', 'fails', 'fails', 'ok'];
  const pauses: number[] = [];
  const warned: unknown[] = [];
  const act = async () => {
    if (outcomes.shift() === 'fails') throw new Error('away');
    if (outcomes.length === 0) stop.abort();
  };
  const log = { warn: (entry: unknown) => void warned.push(entry) };
  await repeat('test', 600_000, act, log, stop.signal, async (milliseconds) => void pauses.push(milliseconds));
  expect(pauses).toEqual([600_000, 2_000, 4_000, 8_000, 600_000]);
  expect(warned).toHaveLength(3);
});

it('waits no longer than until it is stopped', async () => {
  const stop = new AbortController();
  const waiting = pause(3_600_000, stop.signal);
  stop.abort();
  await waiting;
});
