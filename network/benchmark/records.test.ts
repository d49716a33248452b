import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTxObserver } from './caliper/recorder.ts';
import { readRecords, steadyPart, type Transaction } from './records.ts';

it('reads back what the recorder wrote, of all workers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medloom-records-'));
  try {
    const file = join(folder, 'records');
    const result = (created: number, finished: number, status: string) => ({
      ...{ GetStatus: () => status, GetTimeCreate: () => created, GetTimeFinal: () => finished },
    });
    for (const worker of [0, 1]) {
      const recorder = createTxObserver({ file }, undefined, worker);
      await recorder.activate(0, 'equal');
      recorder.txSubmitted(2);
      recorder.txFinished([result(1, 5, 'success')]);
      recorder.txFinished(result(2, 9, 'failed'));
      await recorder.deactivate();
      await recorder.activate(1, 'read');
      await recorder.deactivate();
    }
    expect(readRecords(file)).toEqual(
      new Map([
        [
          'equal',
          [
            [1, 5, 1],
            [2, 9, 0],
            [1, 5, 1],
            [2, 9, 0],
          ],
        ],
        ['read', []],
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** One transaction each 100 ms for so many seconds, with the given latency. */
const steadily = (seconds: number, latency: (index: number) => number, valid = 1): Transaction[] =>
  Array.from({ length: seconds * 10 }, (_, index) => [index * 100, index * 100 + latency(index), valid]);

it('counts commits of the steady part only, whenever the transactions were made', () => {
  const steady = steadyPart(
    steadily(10, () => 250),
    10,
  );
  expect(steady).toMatchObject({
    from: 1_000,
    to: 10_000,
    committed: 90,
    tps: 10,
    p50Ms: 250,
    p95Ms: 250,
    meanMs: 250,
  });
});

it('does not take a backlog that ends after the time for throughput', () => {
  // Each takes twice as long as the one before it is apart: half are done when the time is over.
  const steady = steadyPart(
    steadily(10, (index) => (index + 1) * 100),
    10,
  );
  expect(steady.tps).toBeCloseTo(5, 0);
  expect(steady.p95Ms).toBeGreaterThan(9_000);
});

it('leaves failed transactions out, and says so where there are no others', () => {
  const mixed = [...steadily(5, () => 10), ...steadily(5, () => 1, 0)];
  expect(steadyPart(mixed, 5)).toMatchObject({ committed: 40, p50Ms: 10 });
  expect(() =>
    steadyPart(
      steadily(5, () => 1, 0),
      5,
    ),
  ).toThrow('No transaction became valid');
});
