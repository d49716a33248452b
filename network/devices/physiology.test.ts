import { describe, expect, it } from 'vitest';
import { ecgRate, ecgSeconds, ecgStrip } from './ecg.ts';
import { depthOf, type Episode } from './episodes.ts';
import { conditionAt, sound } from './faults.ts';
import { type Body, fallsBetween, vitalsAt } from './physiology.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const midnight = Date.parse('2027-02-01T00:00:00Z');
const body: Body = {
  ...{ seed: 7, heartRate: 70, respiratoryRate: 15, spo2: 97, systolic: 128, diastolic: 78, temperature: 36.7 },
  ...{ glucose: 5.2, diabetes: 1, weightKg: 74, oxygen: 0, fallsEveryDays: 20, zoneMinutes: 60 },
};
const through = (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor((to - from) / step) }, (_, index) => from + index * step);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const heartRates = (from: number, to: number) =>
  through(from, to, minute).map((at) => vitalsAt(body, [], at).heartRate);

describe('a body', () => {
  it('is the same at the same moment, and another with another seed', () => {
    expect(vitalsAt(body, [], midnight)).toEqual(vitalsAt({ ...body }, [], midnight));
    expect(vitalsAt({ ...body, seed: 8 }, [], midnight)).not.toEqual(vitalsAt(body, [], midnight));
  });

  it('is slower and cooler at night', () => {
    const night = heartRates(midnight + 2 * hour, midnight + 4 * hour);
    const afternoon = heartRates(midnight + 14 * hour, midnight + 16 * hour);
    expect(mean(afternoon) - mean(night)).toBeGreaterThan(8);
    const warmth = (at: number) => vitalsAt(body, [], at).temperature;
    expect(warmth(midnight + 16 * hour)).toBeGreaterThan(warmth(midnight + 3 * hour));
  });

  it('stays in what a healthy body does for a week', () => {
    for (const at of through(midnight, midnight + 7 * day, 7 * minute)) {
      const { heartRate, spo2, respiratoryRate, glucose, systolic, diastolic } = vitalsAt(body, [], at);
      expect(heartRate).toBeGreaterThan(48);
      expect(heartRate).toBeLessThan(125);
      expect(spo2).toBeGreaterThan(93);
      expect(respiratoryRate).toBeGreaterThan(10);
      expect(respiratoryRate).toBeLessThan(26);
      expect(glucose).toBeGreaterThan(3.9);
      expect(glucose).toBeLessThan(10);
      expect(systolic).toBeGreaterThan(diastolic + 20);
    }
  });

  it('has more glucose after a meal, and much more with diabetes', () => {
    const highest = (one: Body) =>
      Math.max(...through(midnight, midnight + day, 5 * minute).map((at) => vitalsAt(one, [], at).glucose));
    expect(highest(body)).toBeGreaterThan(6.5);
    expect(highest({ ...body, glucose: 7.5, diabetes: 2.5 })).toBeGreaterThan(12);
  });

  it('falls about as often as it says, and never in two spans at once', () => {
    const falls = fallsBetween(body, midnight, midnight + 400 * day);
    expect(falls.length).toBeGreaterThan(8);
    expect(falls.length).toBeLessThan(40);
    const half = midnight + 200 * day;
    const parts = [...fallsBetween(body, midnight, half), ...fallsBetween(body, half, midnight + 400 * day)];
    expect(parts).toEqual(falls);
  });

  it('becomes ill and well again as an episode says', () => {
    const start = midnight + 10 * hour;
    const sepsis: Episode = {
      ...{ kind: 'sepsis', start, riseMs: hour, holdMs: hour, fallMs: hour, severity: 1 },
    };
    const at = start + 1.5 * hour;
    expect(vitalsAt(body, [sepsis], start)).toEqual(vitalsAt(body, [], start));
    const [ill, well] = [vitalsAt(body, [sepsis], at), vitalsAt(body, [], at)];
    expect(ill.heartRate - well.heartRate).toBeGreaterThan(30);
    expect(ill.systolic).toBeLessThan(well.systolic - 20);
    expect(ill.temperature).toBeGreaterThan(38);
    expect(ill.consciousness).toBe('confusion');
    expect(depthOf(sepsis, start + 4 * hour)).toBe(0);
  });
});

describe('an ECG strip', () => {
  /** Places where the signal passes 600 µV upwards. */
  const beats = (strip: number[]) =>
    strip.flatMap((level, index) => (level > 600 && (strip[index - 1] ?? 0) <= 600 ? [index / ecgRate] : []));
  const spread = (strip: number[]) => {
    const at = beats(strip);
    const distances = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    const middle = mean(distances);
    return Math.sqrt(mean(distances.map((distance) => (distance - middle) ** 2))) / middle;
  };

  it('has as many beats as the heart makes', () => {
    const strip = ecgStrip(3, midnight, 72, 0);
    expect(strip).toHaveLength(ecgRate * ecgSeconds);
    expect(Math.abs(beats(strip).length - 12)).toBeLessThanOrEqual(1);
  });

  it('is irregular in atrial fibrillation', () => {
    expect(spread(ecgStrip(3, midnight, 110, 0))).toBeLessThan(0.05);
    expect(spread(ecgStrip(3, midnight, 110, 1))).toBeGreaterThan(0.1);
  });
});

describe('faults', () => {
  const faulty = { ...sound, seed: 5, offline: 0.2, stuck: 0.1, noisy: 0.1, skewMs: 90_000 };
  const week = through(midnight, midnight + 7 * day, minute).map((at) => conditionAt(faulty, at));

  it('come as often as they say, and go', () => {
    const offline = week.filter((condition) => condition.offline).length / week.length;
    expect(offline).toBeGreaterThan(0.03);
    expect(offline).toBeLessThan(0.2);
    expect(week.some(({ stuckSince }) => stuckSince !== undefined)).toBe(true);
    expect(week.some(({ noisy }) => noisy)).toBe(true);
    expect(week.every(({ battery }) => battery >= 0.09 && battery <= 1)).toBe(true);
  });

  it('are absent from a sound device', () => {
    for (const at of through(midnight, midnight + day, minute)) {
      expect(conditionAt({ ...sound, seed: 5 }, at)).toMatchObject({ offline: false, noisy: false, skewMs: 0 });
    }
  });
});
