import { type Episode, shiftAt } from './episodes.ts';
import { chanceOf, scatter, wander } from './noise.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Who somebody is, as far as sensors can tell. */
export interface Body {
  seed: number;
  /** At rest, in the middle of the day. */
  heartRate: number;
  respiratoryRate: number;
  spo2: number;
  systolic: number;
  diastolic: number;
  temperature: number;
  /** Fasting, mmol/L; `diabetes` is how far a meal lifts it: 1 healthy, 2.5 diabetes. */
  glucose: number;
  diabetes: number;
  weightKg: number;
  /** Litres of oxygen a minute by which `spo2` is reached; 0 is air. */
  oxygen: number;
  /** How many days are between falls, on average. */
  fallsEveryDays: number;
  /** Minutes by which the clock on the wall differs from UTC. */
  zoneMinutes: number;
}

/** What is true of a body at a moment, before any sensor looks at it. */
export interface Vitals {
  heartRate: number;
  respiratoryRate: number;
  spo2: number;
  /** Litres a minute. */
  oxygen: number;
  consciousness: 'alert' | 'confusion';
  systolic: number;
  diastolic: number;
  temperature: number;
  /** mmol/L */
  glucose: number;
  weight: number;
  irregularity: number;
}

const meals = [
  { name: 'breakfast', at: 7.5, size: 0.9 },
  { name: 'lunch', at: 12.75, size: 1.1 },
  { name: 'dinner', at: 18.75, size: 1.2 },
];

/** The same body at the same moment is always the same, whichever moments were asked for before. */
export function vitalsAt(body: Body, episodes: readonly Episode[], at: number): Vitals {
  const { seed } = body;
  const local = at + body.zoneMinutes * minute;
  const clock = (local % day) / hour;
  // Highest in the late afternoon, lowest before dawn.
  const circadian = Math.cos((2 * Math.PI * (clock - 16.5)) / 24);
  const asleep = clock < 6.5 || clock > 22.75;
  const exertion = asleep ? 0 : Math.max(0, wander(seed, 'exertion', at, 23 * minute) - 0.35) / 0.65;
  const shift = shiftAt(episodes, at);
  const slow = (name: string) => wander(seed, name, at, 3 * hour);
  const quick = (name: string) => wander(seed, name, at, 90_000);

  const heartRate =
    body.heartRate * (1 + 0.09 * circadian) +
    34 * exertion +
    3 * slow('pulse') +
    2.2 * quick('pulse') +
    shift.heartRate +
    shift.irregularity * 14 * scatter(seed, 'af', Math.floor(at / 7000));
  const respiratoryRate =
    body.respiratoryRate + 0.9 * circadian + 7 * exertion + 0.8 * slow('breath') + 0.7 * quick('breath');
  const pressure = 7 * circadian + 16 * exertion + 4 * slow('pressure') + 2 * quick('pressure');
  const spo2 = body.spo2 + 0.6 * slow('oxygen') + 0.4 * quick('oxygen') - (asleep ? 0.7 : 0) - 0.6 * exertion;
  return {
    heartRate: within(heartRate, 28, 220),
    respiratoryRate: within(respiratoryRate + shift.respiratoryRate, 5, 50),
    spo2: within(spo2 + shift.spo2, 62, 100),
    oxygen: body.oxygen,
    consciousness: shift.confusion >= 0.5 ? 'confusion' : 'alert',
    systolic: within(body.systolic + pressure + shift.systolic, 60, 230),
    diastolic: within(body.diastolic + 0.55 * pressure + shift.diastolic, 35, 140),
    temperature: within(
      body.temperature + 0.35 * circadian + 0.12 * slow('warmth') + 0.3 * exertion + shift.temperature,
      33,
      42,
    ),
    glucose: within(glucoseAt(body, local) + shift.glucose, 1.6, 28),
    weight: body.weightKg + 0.9 * wander(seed, 'weight', at, 11 * day) + 0.4 * circadian * 0.5,
    irregularity: shift.irregularity,
  };
}

/** Fasting level, dawn, and what the meals of today and last evening still add (a rise of 45 minutes and a slower fall). */
function glucoseAt({ seed, glucose, diabetes }: Body, local: number): number {
  let level = glucose * (1 + 0.05 * wander(seed, 'insulin', local, 5 * hour));
  const dawn = (local % day) / hour - 6.5;
  level += 0.5 * diabetes * Math.exp(-(dawn * dawn) / 2);
  const today = Math.floor(local / day);
  for (const date of [today - 1, today]) {
    for (const { name, at, size } of meals) {
      const time = date * day + (at + 0.6 * (chanceOf(seed, name, date) - 0.5)) * hour;
      const hours = (local - time) / hour;
      if (hours <= 0 || hours > 6) continue;
      const eaten = size * (0.75 + 0.5 * chanceOf(seed, `${name} size`, date));
      const peak = 0.75 * Math.sqrt(diabetes);
      level += 2.3 * diabetes * eaten * (hours / peak) * Math.exp(1 - hours / peak);
    }
  }
  return level;
}

/** The moments between two at which somebody falls. */
export function fallsBetween({ seed, fallsEveryDays }: Body, from: number, to: number): number[] {
  const found: number[] = [];
  for (let index = Math.floor(from / hour); index * hour <= to; index += 1) {
    if (chanceOf(seed, 'fall', index) >= 1 / (24 * fallsEveryDays)) continue;
    const at = Math.floor((index + chanceOf(seed, 'fall minute', index)) * hour);
    if (at > from && at <= to) found.push(at);
  }
  return found;
}

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
