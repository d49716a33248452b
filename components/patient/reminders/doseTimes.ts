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
  return dispenses
    .map(({ quantity, at }) => ({ from: Date.parse(at), days: quantity / daily }))
    .sort((one, other) => one.from - other.from)
    .reduce((end, { from, days }) => Math.max(end, from) + days * dayMs, 0);
}

/** The dose that is due now: the newest time of today that is at most `lateMs` past; undefined where there is none. */
export function dueAt(
  { times, everyDays }: Pick<DoseTimes, 'times' | 'everyDays'>,
  since: Date,
  now: Date,
  lateMs = 2 * 60 * 60_000,
): Date | undefined {
  const midnight = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  if (Math.round((midnight(now) - midnight(since)) / dayMs) % everyDays !== 0) return undefined;
  const today = times.map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return new Date(now.getFullYear(), now.getMonth(), now.getDate(), hour, minute);
  });
  return today.findLast((at) => at <= now && at >= since && now.getTime() - at.getTime() < lateMs);
}
