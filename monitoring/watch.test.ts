import { describe, expect, test } from 'vitest';
import type { MeasureName } from './catalogue.ts';
import type { Plan, PlanTerms } from './plan.ts';
import { defaultTerms } from './planDefaults.ts';
import { flags, type Reading } from './reading.ts';
import { step, type Told } from './watch.ts';
import { firstState, type WatchState, watchState } from './watchState.ts';

const start = Date.UTC(2026, 5, 1, 12);
const minute = 60_000;
const responder = `prac-${'a'.repeat(26)}`;
const planOf = (changed: Partial<PlanTerms> = {}, version = 1): Plan => ({
  ...{ v: 1, patient: `pt-0-${'b'.repeat(26)}`, version, by: responder, at: '2026-06-01T08:00:00.000Z' },
  terms: { ...defaultTerms(responder), missingAfterSeconds: {}, ...changed },
});

/** Steps minute by minute; what was told is kept with its minute. */
function watching(plan: Plan) {
  let state: WatchState = firstState(start);
  const all: { minute: number; told: Told }[] = [];
  const at = (at: number, ...readings: Omit<Reading, 'at' | 'flags'>[]) =>
    go(
      plan,
      at,
      readings.map((given) => ({ ...given, at: start + at * minute, flags: 0 })),
    );
  const go = (by: Plan, minutes: number, readings: readonly Reading[]) => {
    const done = step(by, state, { now: start + minutes * minute, readings });
    state = watchState.parse(JSON.parse(JSON.stringify(done.state)));
    all.push(...done.told.map((told) => ({ minute: minutes, told })));
    return done.told;
  };
  return { at, go, all, state: () => state };
}
const said = (measure: MeasureName, ...values: number[]) => ({ measure, values });
const brief = (told: readonly Told[]) =>
  told.map((each) => (each.kind === 'raised' ? `${each.content.level} ${each.content.key}` : `ended ${each.key}`));

describe('limits', () => {
  test('what lasts long enough is raised once, and ends when it has been back inside for long enough', () => {
    const { at, all } = watching(planOf());
    const rates = [80, 115, 116, 114, 109, 112, 100, 99, 98, 97, 96, 95, 94];
    for (const [index, rate] of rates.entries()) at(index, said('heartRate', rate));
    expect(all.map(({ minute: when, told }) => [when, ...brief([told])])).toEqual([
      [2, 'urgent limit:heartRate:high'],
      [11, 'ended limit:heartRate:high'],
    ]);
  });

  test('one value outside calls nobody where it has to last', () => {
    const { at } = watching(planOf());
    expect([
      ...at(0, said('saturation', 97)),
      ...at(1, said('saturation', 80)),
      ...at(2, said('saturation', 97)),
    ]).toEqual([]);
  });

  test('a value at the limit is inside; the next step is outside', () => {
    const { at } = watching(planOf());
    expect(at(0, said('temperature', 39))).toEqual([]);
    expect(brief(at(1, said('temperature', 39.1)))).toEqual(['urgent limit:temperature:high']);
  });

  test('what gets worse is raised again at its level, what gets better is not', () => {
    const { at } = watching(planOf());
    expect(brief(at(0, said('bloodPressure', 99, 60)))).toEqual(['urgent limit:systolic:low']);
    expect(brief(at(1, said('bloodPressure', 88, 60)))).toEqual(['critical limit:systolic:low']);
    expect(at(2, said('bloodPressure', 99, 60))).toEqual([]);
    expect(at(3, said('bloodPressure', 88, 60))).toEqual([]);
  });

  test('what has become worse before it was raised is raised once, as bad as it is', () => {
    const { at, all } = watching(planOf());
    for (const [index, rate] of [115, 120, 135, 136, 137].entries()) at(index, said('heartRate', rate));
    expect(all.map(({ minute: when, told }) => [when, ...brief([told])])).toEqual([
      [1, 'urgent limit:heartRate:high'],
      [3, 'critical limit:heartRate:high'],
    ]);
    const other = watching(planOf());
    for (const [index, rate] of [115, 135, 136, 137].entries()) other.at(index, said('heartRate', rate));
    expect(other.all.map(({ told }) => brief([told]))).toEqual([['critical limit:heartRate:high']]);
  });

  test('what is measured a few times a day lasts until it is measured again; what a sensor says does not', () => {
    const waits = { hysteresis: 1, forSeconds: 600 };
    const { at } = watching(
      planOf({ limits: { systolic: { criticalHigh: 200, ...waits }, heartRate: { high: 100, ...waits } } }),
    );
    expect(at(0, said('bloodPressure', 210, 90), said('heartRate', 140))).toEqual([]);
    expect(at(9)).toEqual([]);
    expect(brief(at(10))).toEqual(['critical limit:systolic:high']);
  });

  test('a doubtful signal and an old value call nobody', () => {
    const plan = planOf();
    const { go } = watching(plan);
    const doubtful = { at: start, ...said('bloodPressure', 80, 50), flags: flags.poorSignal };
    expect(go(plan, 0, [doubtful])).toEqual([]);
    expect(go(plan, 1, [{ ...doubtful, at: start - 86_400_001, flags: 0 }])).toEqual([]);
    expect(brief(go(plan, 2, [{ ...doubtful, flags: 0 }]))).toEqual(['critical limit:systolic:low']);
  });
});

describe('other causes', () => {
  test('weight that rises is told, with how much in which time', () => {
    const { at } = watching(planOf());
    expect(at(0, said('weight', 80))).toEqual([]);
    expect(at(1440, said('weight', 81.5))).toEqual([]);
    const [told] = at(2880, said('weight', 82.4));
    expect(told).toMatchObject({
      content: { level: 'urgent', cause: { kind: 'trend', series: 'weight', seconds: 172_800 } },
    });
    if (told?.kind !== 'raised' || told.content.cause.kind !== 'trend') throw new Error('no trend');
    expect(told.content.cause.change).toBeCloseTo(2.4, 1);
  });

  test('a score is raised from all seven parameters, and not knowing any more does not end it', () => {
    const news2 = { scale: 1, aged16OrMore: true, notPregnant: true, windowSeconds: 600, forSeconds: 0 } as const;
    const { at, all } = watching(planOf({ limits: {}, news2 }));
    const six = [
      ...[said('respiratoryRate', 22), said('saturation', 93), said('oxygenFlow', 2), said('heartRate', 112)],
      ...[said('temperature', 38.5), said('bloodPressure', 120, 70)],
    ];
    expect(at(0, ...six)).toEqual([]);
    const [told] = at(1, said('consciousness', 0));
    expect(told).toMatchObject({ content: { level: 'critical', cause: { kind: 'news2', total: 9, band: 'high' } } });
    at(30);
    expect(all).toHaveLength(1);
  });

  test('silence is one alert for all measures, ends with readings, and never counts a pause of the engine', () => {
    const plan = planOf({ missingAfterSeconds: { heartRate: 300, saturation: 600 }, settleSeconds: 0 });
    const { at, all } = watching(plan);
    at(0, said('heartRate', 70), said('saturation', 97));
    for (let when = 1; when <= 12; when += 1) at(when);
    at(13, said('heartRate', 70), said('saturation', 97));
    at(60);
    at(64);
    at(66);
    expect(all.map(({ minute: when, told }) => [when, ...brief([told])])).toEqual([
      [6, 'notice missing'],
      [13, 'ended missing'],
      [66, 'notice missing'],
    ]);
    expect(all.at(-1)?.told).toMatchObject({ content: { cause: { measures: ['heartRate'] } } });
  });

  test('falls within one settling time are one alert', () => {
    const { at } = watching(planOf());
    expect(brief([...at(0, said('fall', 1)), ...at(3, said('fall', 1)), ...at(6)])).toEqual(['urgent fall']);
    expect(brief(at(8))).toEqual(['ended fall']);
  });
});

describe('quiet hours', () => {
  const quietHours = { from: '12:00', until: '14:00', timeZone: 'UTC', holds: 'urgent' } as const;
  test('hold what is not critical until they are over', () => {
    const { at } = watching(planOf({ quietHours, missingAfterSeconds: { glucose: 60 } }));
    expect(at(0, said('bloodPressure', 185, 90), said('fall', 1))).toEqual([]);
    for (let when = 4; when < 120; when += 4) expect(at(when)).toEqual([]);
    expect(brief(at(120)).sort()).toEqual(['notice missing', 'urgent fall', 'urgent limit:systolic:high']);
  });
  test('never hold what is critical', () => {
    const { at } = watching(planOf({ quietHours }));
    expect(brief(at(0, said('bloodPressure', 230, 90)))).toEqual(['critical limit:systolic:high']);
  });
});

describe('clocks, order and plans', () => {
  test('duplicates and late readings change nothing, and one ahead of the clock is not believed', () => {
    const plan = planOf();
    const { go, state } = watching(plan);
    go(plan, 5, [{ at: start + 5 * minute, ...said('bloodPressure', 120, 80), flags: 0 }]);
    const { newest } = state();
    for (const minutes of [5, 4, 11]) {
      expect(go(plan, 5, [{ at: start + minutes * minute, ...said('bloodPressure', 80, 50), flags: 0 }])).toEqual([]);
    }
    expect(state().newest).toEqual(newest);
  });

  test('a clock that is set back is followed at once', () => {
    const { at, state } = watching(planOf());
    at(600, said('heartRate', 70));
    expect(at(0, said('heartRate', 140))).toEqual([]);
    expect(brief(at(2, said('heartRate', 141)))).toEqual(['critical limit:heartRate:high']);
    expect(state().newest.heartRate).toEqual({ at: start + 2 * minute, value: 141 });
  });

  test('another plan ends what it does not watch and judges what is known', () => {
    const { at, go } = watching(planOf());
    at(0, said('bloodPressure', 185, 90), said('temperature', 38.5));
    const { hysteresis, forSeconds } = { hysteresis: 0.2, forSeconds: 0 };
    const next = planOf({ limits: { temperature: { high: 38, hysteresis, forSeconds } } }, 2);
    expect(brief(go(next, 1, []))).toEqual(['ended limit:systolic:high', 'urgent limit:temperature:high']);
  });
});
