import type { RegisterEntry } from '#chaincode/model/controlledRegister.ts';

/** How much of a controlled medicine somebody prescribed in a week. */
export interface Volume {
  prescriber: string;
  /** Product code. */
  medicine: string;
  name: string;
  unit: string;
  /** Monday of the week (UTC), YYYY-MM-DD. */
  week: string;
  units: number;
  prescriptions: number;
  /** Median of all prescribers' weeks of the medicine, and above what a week is marked; undefined with too few to compare. */
  typical?: number;
  limit?: number;
  outlier: boolean;
}

/** How many scaled MADs above the median a week may lie. 3.5 is what Iglewicz and Hoaglin (1993) advise for the modified z-score. */
export const outlierK = 3.5;
/** Makes the MAD comparable with a standard deviation where values are normal. */
const madScale = 1.4826;
/** With fewer weeks of a medicine nothing is marked. */
export const fewestWeeks = 5;
/** Where most weeks are alike the MAD is 0, and a week that is a little larger would be marked. */
const leastSpread = 0.1;

const dayMs = 86_400_000;

/** Monday of an instant's week, UTC. */
export function weekOf(instant: string): string {
  const day = Math.floor(Date.parse(instant) / dayMs);
  // Day 0 of the epoch was a Thursday.
  return new Date((day - ((day + 3) % 7)) * dayMs).toISOString().slice(0, 10);
}

/** The middle value; the mean of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/**
 * Above what a week of a medicine is out of the ordinary: median + k × MAD, scaled, of all prescribers' weeks of it. Neither
 * moves with the outliers themselves, unlike mean and standard deviation.
 */
export function limitOf(units: readonly number[]): { typical: number; limit: number } | undefined {
  if (units.length < fewestWeeks) return undefined;
  const typical = median(units);
  const mad = median(units.map((value) => Math.abs(value - typical)));
  const spread = Math.max(mad * madScale, typical * leastSpread);
  return { typical, limit: typical + outlierK * spread };
}

/** Volumes per prescriber, medicine and week out of the register's entries, outliers first, then the newest and largest. */
export function volumesOf(entries: readonly RegisterEntry[]): Volume[] {
  const groups = Map.groupBy(entries, ({ author, medicine, at }) => `${author}|${medicine}|${weekOf(at)}`);
  const volumes = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { author: prescriber, medicine, name, unit, at } = first;
    const units = group.reduce((total, { quantity }) => total + quantity, 0);
    return [{ prescriber, medicine, name, unit, week: weekOf(at), units, prescriptions: group.length }];
  });
  const limits = new Map(
    [...Map.groupBy(volumes, ({ medicine }) => medicine)].map(([medicine, own]) => [
      medicine,
      limitOf(own.map(({ units }) => units)),
    ]),
  );
  return volumes
    .map((volume): Volume => {
      const limit = limits.get(volume.medicine);
      return { ...volume, ...limit, outlier: limit !== undefined && volume.units > limit.limit };
    })
    .sort((a, b) => Number(b.outlier) - Number(a.outlier) || b.week.localeCompare(a.week) || b.units - a.units);
}
