import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alertContent, alertName } from './alert.ts';
import { type MeasureName, series, seriesOf } from './catalogue.ts';
import { type Plan, rankOf } from './plan.ts';
import { defaultTerms } from './planDefaults.ts';
import type { Reading } from './reading.ts';
import { type Step, step, type Told } from './watch.ts';
import { firstState, type WatchState, watchState } from './watchState.ts';

const start = Date.UTC(2026, 5, 1, 20);
const responder = `prac-${'a'.repeat(26)}`;
const plan: Plan = {
  ...{ v: 1, patient: `pt-0-${'b'.repeat(26)}`, version: 1, by: responder, at: '2026-06-01T08:00:00.000Z' },
  terms: {
    ...defaultTerms(responder),
    news2: { scale: 1, aged16OrMore: true, notPregnant: true, windowSeconds: 3600, forSeconds: 60 },
    quietHours: { from: '22:00', until: '06:00', timeZone: 'UTC', holds: 'urgent' },
    trends: [{ series: 'heartRate', change: 30, windowSeconds: 1800, level: 'urgent' }],
  },
};
const measureName = fc.constantFrom<MeasureName>(
  ...([
    'heartRate',
    'saturation',
    'respiratoryRate',
    'bloodPressure',
    'temperature',
    'consciousness',
    'oxygenFlow',
    'fall',
  ] as const),
);
/** Values of the whole range, so that nearly everything is outside of some limit now and then. */
const valuesOf = (measure: MeasureName): fc.Arbitrary<number[]> => {
  if (measure === 'fall') return fc.constant([1]);
  if (measure === 'bloodPressure') return fc.tuple(fc.integer({ min: 80, max: 230 }), fc.integer({ min: 40, max: 79 }));
  return fc.tuple(
    ...seriesOf(measure).map((name) => fc.integer({ min: Math.ceil(series[name].lowest), max: series[name].highest })),
  );
};
const reading = (now: number): fc.Arbitrary<Reading> =>
  measureName.chain((measure) =>
    fc.record({
      at: fc.integer({ min: now - 120_000, max: now + 1_000 }),
      measure: fc.constant(measure),
      values: valuesOf(measure),
      flags: fc.constantFrom(0, 0, 0, 2),
    }),
  );
/** Steps of a second to two hours, now and then with a clock that is set by hours. */
const steps: fc.Arbitrary<Step[]> = fc
  .array(
    fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 1, max: 7_200 }) },
      { weight: 1, arbitrary: fc.integer({ min: -20_000, max: 50_000 }) },
    ),
    { minLength: 1, maxLength: 60 },
  )
  .chain((waits) => {
    let now = start;
    return fc.tuple(
      ...waits.map((seconds) => {
        now += seconds * 1000;
        return fc.record({ now: fc.constant(now), readings: fc.array(reading(now), { maxLength: 6 }) });
      }),
    );
  });

function run(given: readonly Step[], between: (state: WatchState) => WatchState = (state) => state) {
  let state = firstState(start);
  const told: Told[] = [];
  const sizes: number[] = [];
  for (const each of given) {
    const done = step(plan, state, each);
    told.push(...done.told);
    state = between(done.state);
    sizes.push(JSON.stringify(state).length);
  }
  return { told, sizes, state };
}
const check = (name: string, property: (given: Step[]) => void) =>
  test(name, () => fc.assert(fc.property(steps, property), { numRuns: 150 }));

check('a restart from what was written down changes nothing', (given) => {
  expect(run(given, (state) => watchState.parse(JSON.parse(JSON.stringify(state))))).toEqual(run(given));
});

check('readings that come twice, in another order, or in one batch with themselves change nothing', (given) => {
  const doubled = given.map(({ now, readings = [] }) => ({ now, readings: [...readings.toReversed(), ...readings] }));
  const byTime = given.map(({ now, readings = [] }) => {
    const seen = new Set<string>();
    // Two values of one measure and instant contradict each other: whichever came first counts.
    const kept = readings
      .toReversed()
      .filter(({ measure, at, flags }) => flags === 2 || (!seen.has(`${measure}${at}`) && seen.add(`${measure}${at}`)));
    return { now, readings: kept };
  });
  expect(run(doubled).told).toEqual(run(byTime).told);
});

check('a cause is raised once, again only when it is worse, and ended only when it was raised', (given) => {
  const open = new Map<string, number>();
  for (const told of run(given).told) {
    if (told.kind === 'ended') {
      expect(open.delete(told.key)).toBe(true);
      continue;
    }
    const { key, level } = told.content;
    expect(rankOf(level)).toBeLessThan(open.get(key) ?? Number.POSITIVE_INFINITY);
    open.set(key, rankOf(level));
  }
});

check('what is told is whole, and its names are its own', (given) => {
  const contents = run(given).told.flatMap((told) => (told.kind === 'raised' ? [told.content] : []));
  for (const content of contents) expect(alertContent.parse(content)).toEqual(content);
  expect(contents.every(({ level, at }) => level === 'critical' || !isNight(at))).toBe(true);
  // A clock that is set back may bring the same instant twice.
  if (isForward(given)) expect(new Set(contents.map(alertName)).size).toBe(contents.length);
});
const isNight = (at: number) => new Date(at).getUTCHours() >= 22 || new Date(at).getUTCHours() < 6;
const isForward = (given: readonly Step[]) => given.every(({ now }, index) => now > (given[index - 1]?.now ?? 0));

check('critical values that last are told, by day and by night', (given) => {
  const last = given.at(-1)?.now ?? start;
  const after = [0, 30, 61].map((seconds) => ({
    ...{ now: last + seconds * 1000 + 400_000 },
    readings: [{ at: last + seconds * 1000 + 400_000, measure: 'saturation' as const, values: [80], flags: 0 }],
  }));
  const { state, told } = run([...given, ...after]);
  expect(state.episodes['limit:saturation:low']?.raised?.level).toBe('critical');
  expect(told.some((each) => each.kind === 'raised' && each.content.key === 'limit:saturation:low')).toBe(true);
});

check('memory is bounded', (given) => {
  expect(Math.max(...run(given).sizes)).toBeLessThan(8_000);
});
