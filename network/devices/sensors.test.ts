import { expect, it } from 'vitest';
import { flags } from '#monitoring/reading.ts';
import { sound } from './faults.ts';
import type { Body } from './physiology.ts';
import { readingsAt, readingsBetween, sensorsOf, type Worn } from './sensors.ts';

const hour = 3_600_000;
const midnight = Date.parse('2027-02-01T00:00:00Z');
const body: Body = {
  ...{ seed: 7, heartRate: 70, respiratoryRate: 15, spo2: 97, systolic: 128, diastolic: 78, temperature: 36.7 },
  ...{ glucose: 5.2, diabetes: 1, weightKg: 74.4, oxygen: 2, fallsEveryDays: 1, zoneMinutes: 60 },
};
const worn: Worn = { kind: 'hub', body, episodes: [], faults: { ...sound, seed: 3 } };

it('measures as often as its sensors do', () => {
  const day = readingsBetween(worn, midnight, midnight + 24 * hour);
  const count = (measure: string) => day.filter((reading) => reading.measure === measure).length;
  expect(count('heartRate')).toBe(8640);
  expect(count('respiratoryRate')).toBe(2880);
  expect(count('bloodPressure')).toBe(48);
  expect(count('ecg')).toBe(12);
  expect(new Set(day.map(({ measure }) => measure))).toEqual(new Set(sensorsOf.hub.map(({ measure }) => measure)));
  expect(day.every((reading, index) => reading.at >= (day[index - 1]?.at ?? 0))).toBe(true);
});

it('has the same readings in two parts as in the whole', () => {
  const cut = midnight + 7_777_777;
  const end = midnight + 5 * hour;
  expect([...readingsBetween(worn, midnight, cut), ...readingsBetween(worn, cut, end)]).toEqual(
    readingsBetween(worn, midnight, end),
  );
});

it('weighs at seven in the patient’s own time', () => {
  const [weight, ...more] = readingsBetween({ ...worn, kind: 'scale' }, midnight, midnight + 24 * hour);
  expect(more).toEqual([]);
  expect(weight).toMatchObject({ at: midnight + 6 * hour, measure: 'weight' });
});

it('repeats itself where a sensor is stuck, and says where it is loose', () => {
  const stuck = { ...worn, faults: { ...sound, seed: 3, stuck: 1 } };
  const values = readingsBetween(stuck, midnight, midnight + 6 * hour).flatMap(({ measure, values: [value] }) =>
    measure === 'heartRate' ? [value] : [],
  );
  const same = values.filter((value, index) => value === values[index - 1]).length;
  expect(same / values.length).toBeGreaterThan(0.5);
  const loose = readingsBetween({ ...worn, faults: { ...sound, seed: 3, noisy: 1 } }, midnight, midnight + 6 * hour);
  expect(loose.some((reading) => reading.flags & flags.poorSignal)).toBe(true);
});

it('tells the time of its own clock', () => {
  const [first] = readingsBetween(
    { ...worn, faults: { ...sound, seed: 3, skewMs: 90_000 } },
    midnight,
    midnight + 10_000,
  );
  expect(first?.at).toBe(midnight + 10_000 + 90_000);
});

it('measures everything at once when somebody holds it', () => {
  const all = readingsAt(worn, midnight + 1_234);
  expect(all.map(({ measure }) => measure)).toEqual([
    ...['heartRate', 'saturation', 'respiratoryRate', 'temperature', 'oxygenFlow', 'bloodPressure', 'consciousness'],
  ]);
  expect(new Set(all.map(({ at }) => at))).toEqual(new Set([midnight + 1_234]));
});
