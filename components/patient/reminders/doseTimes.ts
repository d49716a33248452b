import type { Dosage } from '#fhir/dosage.ts';

/** Hours of the day for so many doses, as people who sleep at night take them. */
const hours: Record<number, readonly string[]> = {
  1: ['08:00'],
  2: ['08:00', '20:00'],
  3: ['07:00', '15:00', '22:00'],
  4: ['07:00', '12:00', '17:00', '22:00'],
};

/** When doses are due: times of a day, every so many days. */
export interface DoseTimes {
  /** `HH:MM`, in the reader's own time. */
  times: readonly string[];
  everyDays: number;
  /** Of a course. */
  days?: number;
}

/** Undefined for what is taken when needed, by the hour, or several times a week. */
export function doseTimesOf({ timing: { repeat }, asNeededCodeableConcept }: Dosage): DoseTimes | undefined {
  const { frequency, period, periodUnit, boundsDuration } = repeat;
  const times = hours[frequency];
  if (asNeededCodeableConcept !== undefined || times === undefined || !Number.isInteger(period)) return undefined;
  const unitDays = { h: undefined, d: 1, wk: 7, mo: undefined }[periodUnit];
  if (unitDays === undefined || (unitDays * period > 1 && frequency > 1)) return undefined;
  return {
    times,
    everyDays: unitDays * period,
    ...(boundsDuration && { days: boundsDuration.value }),
  };
}

/** Units of a medicine that are used up in a day; undefined where nobody can say. */
export function unitsADay({
  timing: { repeat },
  asNeededCodeableConcept,
  doseAndRate: [rate],
}: Dosage): number | undefined {
  const unitDays = { h: 1 / 24, d: 1, wk: 7, mo: 30 }[repeat.periodUnit];
  if (asNeededCodeableConcept !== undefined || rate === undefined) return undefined;
  return (rate.doseQuantity.value * repeat.frequency) / (repeat.period * unitDays);
}

const dayMs = 86_400_000;

/** When what was handed out is used up, each hand-over after the one before; undefined where nobody can say. Milliseconds. */
export function runsOutAt(dosage: Dosage, dispenses: readonly { quantity: number; at: string }[]): number | undefined {
  const daily = unitsADay(dosage);
  if (daily === undefined || dispenses.length === 0) return undefined;
  return lastingTo(dispenses, (quantity) => quantity / daily);
}

/** The end of what was handed out, each hand-over after the one before. `days`: for how long a quantity is. Milliseconds. */
function lastingTo(dispenses: readonly { quantity: number; at: string }[], days: (quantity: number) => number): number {
  return dispenses
    .map(({ quantity, at }) => ({ from: Date.parse(at), days: days(quantity) }))
    .sort((one, other) => one.from - other.from)
    .reduce((end, { from, days: long }) => Math.max(end, from) + long * dayMs, 0);
}

/** When doses of what was handed out are due. */
export interface Course extends DoseTimes {
  /** The first hand-over, from which days are counted, and the end of what was handed out; milliseconds. */
  from: number;
  until: number;
}

/**
 * The doses of what was handed out of a prescription: to the end of the course, and no longer than it lasts. `quantity`: units of
 * one fill, for which the course is meant. Undefined where there are no fixed times, or nothing to take.
 */
export function courseOf(
  dosage: Dosage,
  { quantity: fill, dispenses }: { quantity: number; dispenses: readonly { quantity: number; at: string }[] },
): Course | undefined {
  const doses = doseTimesOf(dosage);
  const daily = unitsADay(dosage);
  if (doses === undefined || daily === undefined || dispenses.length === 0) return undefined;
  const days = (quantity: number) => Math.min(quantity / daily, ((doses.days ?? Infinity) * quantity) / fill);
  const until = lastingTo(dispenses, days);
  return { ...doses, from: Math.min(...dispenses.map(({ at }) => Date.parse(at))), until };
}

const midnight = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** Whether a day of the reader's own calendar is one of a course; what is taken once a week keeps its day of the week. */
export const isDoseDay = ({ everyDays, from }: Pick<Course, 'everyDays' | 'from'>, day: Date): boolean =>
  Math.round((midnight(day) - midnight(new Date(from))) / dayMs) % everyDays === 0;

/** The dose that is due now: the newest time of today that is at most `lateMs` past; undefined where there is none. */
export function dueAt(
  { times, everyDays, from, until }: Pick<Course, 'times' | 'everyDays' | 'from' | 'until'>,
  since: Date,
  now: Date,
  lateMs = 2 * 60 * 60_000,
): Date | undefined {
  if (!isDoseDay({ everyDays, from }, now)) return undefined;
  const today = times.map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return new Date(now.getFullYear(), now.getMonth(), now.getDate(), hour, minute);
  });
  const isDue = (at: Date) => at <= now && at >= since && at.getTime() < until;
  return today.findLast((at) => isDue(at) && now.getTime() - at.getTime() < lateMs);
}
