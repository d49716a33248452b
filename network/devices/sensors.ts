import { consciousnessLevels, type MeasureName } from '#monitoring/catalogue.ts';
import { faultOf, flags, type Reading } from '#monitoring/reading.ts';
import { ecgRate, ecgStrip } from './ecg.ts';
import type { Episode } from './episodes.ts';
import { conditionAt, type Faultiness } from './faults.ts';
import { scatter } from './noise.ts';
import { type Body, fallsBetween, type Vitals, vitalsAt } from './physiology.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A sensor: what it measures, and how often. */
interface Sensor {
  measure: MeasureName;
  everyMs: number;
  /** Milliseconds after a multiple of `everyMs`, in the patient's own time. */
  offsetMs?: number;
}

const sensor = (measure: MeasureName, everyMs: number, offsetMs = 0): Sensor => ({ measure, everyMs, offsetMs });

/** What is in the boxes that patients take home. A hub has every sensor that NEWS2 asks for. */
export const sensorsOf = {
  hub: [
    ...[sensor('heartRate', 10 * second), sensor('saturation', 10 * second), sensor('respiratoryRate', 30 * second)],
    ...[sensor('temperature', 10 * minute), sensor('oxygenFlow', 10 * minute), sensor('bloodPressure', 30 * minute)],
    ...[sensor('consciousness', 30 * minute), sensor('ecg', 2 * hour)],
  ],
  patch: [sensor('heartRate', 10 * second), sensor('respiratoryRate', 30 * second), sensor('ecg', 2 * hour)],
  glucometer: [sensor('glucose', 5 * minute)],
  scale: [sensor('weight', day, 7 * hour)],
  cuff: [sensor('bloodPressure', 4 * hour, 8 * minute)],
  pendant: [sensor('fall', minute)],
} as const satisfies Record<string, readonly Sensor[]>;
export type BoxKind = keyof typeof sensorsOf;

/** A simulated device on a simulated body. */
export interface Worn {
  kind: BoxKind;
  body: Body;
  episodes: readonly Episode[];
  faults: Faultiness;
}

/**
 * What a device measures after one moment and up to another, oldest first, by its own clock. Two spans side by side have the same
 * readings as the whole. With `everyMs` nothing is measured more often than that.
 */
export function readingsBetween(worn: Worn, from: number, to: number, everyMs = 0): Reading[] {
  const zone = worn.body.zoneMinutes * minute;
  return sensorsOf[worn.kind]
    .flatMap((one: Sensor) => {
      const step = Math.max(one.everyMs, everyMs);
      const offset = (one.offsetMs ?? 0) - zone;
      const first = Math.floor((from - offset) / step) + 1;
      const last = Math.floor((to - offset) / step);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step + offset)
        .flatMap((at) => measured(worn, one.measure, at, step))
        .filter((reading) => faultOf(reading) === undefined);
    })
    .sort((one, other) => one.at - other.at);
}

/** What a device measures when somebody holds it at this moment: each of its sensors once, but for a strip and what only happens. */
export function readingsAt(worn: Worn, at: number): Reading[] {
  return sensorsOf[worn.kind]
    .flatMap(({ measure }: Sensor) => (measure === 'ecg' || measure === 'fall' ? [] : measured(worn, measure, at, 0)))
    .filter((reading) => faultOf(reading) === undefined);
}

function measured({ body, episodes, faults }: Worn, measure: MeasureName, at: number, step: number): Reading[] {
  const { stuckSince, noisy, skewMs } = conditionAt(faults, at);
  const own = at + skewMs;
  if (measure === 'fall') {
    return fallsBetween(body, at - step, at).map(() => ({ at: own, measure, values: [1], flags: 0 }));
  }
  const seen = Math.max(stuckSince ?? at, at - 2 * hour);
  const vitals = vitalsAt(body, episodes, stuckSince === undefined ? at : seen);
  const jump = noisy ? 1 + 0.22 * scatter(faults.seed, measure, at) : 1;
  const values = valuesOf(measure, vitals, body.seed, at).map((value) => value * jump);
  const how = (noisy ? flags.poorSignal : 0) | (measure === 'consciousness' ? flags.entered : 0);
  return [{ at: own, measure, values: rounded(measure, values), flags: how }];
}

function valuesOf(measure: Exclude<MeasureName, 'fall'>, vitals: Vitals, seed: number, at: number): number[] {
  switch (measure) {
    case 'bloodPressure':
      return [vitals.systolic, vitals.diastolic];
    case 'saturation':
      return [vitals.spo2];
    case 'oxygenFlow':
      return [vitals.oxygen];
    case 'consciousness':
      return [consciousnessLevels.findIndex(({ name }) => name === vitals.consciousness)];
    case 'ecg':
      return [ecgRate, ...ecgStrip(seed, at, vitals.heartRate, vitals.irregularity)];
    default:
      return [vitals[measure]];
  }
}

const tenths: readonly MeasureName[] = ['temperature', 'glucose', 'weight', 'oxygenFlow'];

function rounded(measure: MeasureName, [first = 0, ...rest]: number[]): number[] {
  // A strip begins with its rate, which no loose electrode changes.
  if (measure === 'ecg') return [ecgRate, ...rest.map(Math.round)];
  const scale = tenths.includes(measure) ? 10 : 1;
  return [first, ...rest].map((value) => Math.round(value * scale) / scale);
}
