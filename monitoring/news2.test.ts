import { describe, expect, test } from 'vitest';
import type { SeriesName } from './catalogue.ts';
import { type Measured, type Points, scoredSeries, scoreOf } from './news2.ts';

const now = Date.UTC(2026, 5, 1, 8);
const well = {
  ...{ respiratoryRate: 16, saturation: 97, oxygenFlow: 0, systolic: 124 },
  ...{ heartRate: 72, consciousness: 0, temperature: 36.8 },
} satisfies Partial<Record<SeriesName, number>>;
const person = { aged16OrMore: true, notPregnant: true };
const measured = (values: Partial<Record<SeriesName, number>>, at = now): Partial<Record<SeriesName, Measured>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { at, value }]));
const score = (values: Partial<Record<SeriesName, number>>, scale: 1 | 2 = 1) =>
  scoreOf(measured({ ...well, ...values }), { ...person, scale, windowSeconds: 3600 }, now);

function pointsOf(name: (typeof scoredSeries)[number], values: Partial<Record<SeriesName, number>>, scale: 1 | 2 = 1) {
  const found = score(values, scale);
  if (found.state !== 'scored') throw new Error(found.state);
  return found.points[name];
}

/** Both sides of each boundary of the published chart. */
const chart: [SeriesName & (typeof scoredSeries)[number], [number, Points][]][] = [
  [
    'respiratoryRate',
    [...pairs([4, 3], [8, 3], [9, 1], [11, 1], [12, 0], [20, 0], [21, 2], [24, 2], [25, 3], [60, 3])],
  ],
  ['saturation', [...pairs([70, 3], [91, 3], [92, 2], [93, 2], [94, 1], [95, 1], [96, 0], [100, 0])]],
  ['oxygenFlow', [...pairs([0, 0], [0.5, 2], [15, 2])]],
  [
    'systolic',
    [...pairs([60, 3], [90, 3], [91, 2], [100, 2], [101, 1], [110, 1], [111, 0], [219, 0], [220, 3], [260, 3])],
  ],
  [
    'heartRate',
    [
      ...pairs([30, 3], [40, 3], [41, 1], [50, 1], [51, 0], [90, 0]),
      ...pairs([91, 1], [110, 1], [111, 2], [130, 2], [131, 3], [200, 3]),
    ],
  ],
  ['consciousness', [...pairs([0, 0], [1, 3], [2, 3], [3, 3], [4, 3])]],
  [
    'temperature',
    [...pairs([33, 3], [35, 3], [35.1, 1], [36, 1], [36.1, 0], [38, 0], [38.1, 1], [39, 1], [39.1, 2], [41, 2])],
  ],
];
function pairs(...given: [number, Points][]) {
  return given;
}

describe('the published chart', () => {
  for (const [name, rows] of chart) {
    test.each(rows)(`${name} %d gives %d`, (value, points) => expect(pointsOf(name, { [name]: value })).toBe(points));
  }
  test.each(pairs([80, 3], [83, 3], [84, 2], [85, 2], [86, 1], [87, 1], [88, 0], [92, 0], [93, 0], [97, 0], [100, 0]))(
    'SpO2 %d on scale 2 and air gives %d',
    (saturation, points) => expect(pointsOf('saturation', { saturation }, 2)).toBe(points),
  );
  test.each(
    pairs([83, 3], [84, 2], [85, 2], [86, 1], [87, 1], [88, 0], [92, 0], [93, 1], [94, 1], [95, 2], [96, 2], [97, 3]),
  )('SpO2 %d on scale 2 and oxygen gives %d', (saturation, points) =>
    expect(pointsOf('saturation', { saturation, oxygenFlow: 2 }, 2)).toBe(points),
  );
});

describe('what a score says', () => {
  test.each([
    [{}, 0, 'low'],
    [{ heartRate: 95, saturation: 95, temperature: 38.5, systolic: 105 }, 4, 'low'],
    [{ respiratoryRate: 25 }, 3, 'lowMedium'],
    [{ consciousness: 1 }, 3, 'lowMedium'],
    [{ oxygenFlow: 2, saturation: 95, temperature: 39.1 }, 5, 'medium'],
    [{ oxygenFlow: 2, respiratoryRate: 22, heartRate: 112 }, 6, 'medium'],
    [{ consciousness: 2, oxygenFlow: 2, heartRate: 112 }, 7, 'high'],
    [
      {
        ...{ respiratoryRate: 30, saturation: 85, oxygenFlow: 5, systolic: 80 },
        ...{ heartRate: 140, consciousness: 4, temperature: 34 },
      },
      20,
      'high',
    ],
  ] as const)('%o has %d and is %s', (values, total, band) =>
    expect(score(values)).toMatchObject({ state: 'scored', total, band }),
  );

  test('a missing parameter makes it incomplete, an old one too; neither is a nought', () => {
    for (const name of scoredSeries) {
      const { [name]: _, ...others } = measured(well);
      const options = { ...person, scale: 1, windowSeconds: 3600 } as const;
      expect(scoreOf(others, options, now)).toEqual({ state: 'incomplete', missing: [name], old: [] });
      const before = { ...others, [name]: { at: now - 3_600_001, value: well[name] } };
      expect(scoreOf(before, options, now)).toEqual({ state: 'incomplete', missing: [], old: [name] });
      const ahead = { ...others, [name]: { at: now + 300_001, value: well[name] } };
      expect(scoreOf(ahead, options, now).state).toBe('incomplete');
      expect(scoreOf({ ...others, [name]: { at: now - 3_600_000, value: well[name] } }, options, now).state).toBe(
        'scored',
      );
    }
  });

  test('nobody under 16 and nobody who is pregnant has one', () => {
    const options = { scale: 1, windowSeconds: 3600 } as const;
    const under16 = { ...options, aged16OrMore: false, notPregnant: true };
    expect(scoreOf(measured(well), under16, now)).toEqual({ state: 'unsuitable', reason: 'UNDER_16' });
    const pregnant = { ...options, aged16OrMore: true, notPregnant: false };
    expect(scoreOf(measured(well), pregnant, now)).toEqual({ state: 'unsuitable', reason: 'PREGNANT' });
  });
});
