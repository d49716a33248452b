import { type ChartEntry, isWithdrawn, type Measured, momentOf } from './entry.ts';
import { convert } from './units.ts';

/** One point of a plot. */
export interface Point {
  /** Clinical time as written. */
  at: string;
  value: number;
  /** `<` or `>`: the true value lies beyond. */
  comparator?: string;
  flag?: string;
  document: string;
  resource: string;
}
/** A line of a plot: values of one code in one unit, oldest first. */
export interface Series {
  code: string;
  name: string;
  /** UCUM */
  unit: string;
  points: Point[];
  /** The newest reference range that was given. */
  low?: number;
  high?: number;
  /** Values in a unit that cannot be converted; they stand in the table and not in the plot. */
  leftOut: number;
}

interface Reading {
  entry: ChartEntry;
  code: string;
  name: string;
  measured: Measured & { n: number };
}

/** Values of a code (`loinc|4548-4`), also where it is a part of another observation (systolic of a blood pressure). */
function readingsOf(entries: readonly ChartEntry[], code: string): Reading[] {
  return entries
    .filter((entry) => !isWithdrawn(entry) && (entry.k === 'result' || entry.k === 'vital'))
    .flatMap((entry): Reading[] => {
      const own = entry.code === code && entry.m !== undefined ? [{ name: entry.x, measured: entry.m }] : [];
      const parts = (entry.p ?? [])
        .filter((part) => part.code === code)
        .map(({ x, ...measured }) => ({ name: x, measured }));
      return [...own, ...parts].flatMap(({ name, measured }) =>
        measured.n === undefined ? [] : [{ entry, code, name, measured: { ...measured, n: measured.n } }],
      );
    });
}

/** The series of a code; undefined where it has no number. Its unit is that of the newest value. */
export function seriesOf(entries: readonly ChartEntry[], code: string): Series | undefined {
  const readings = readingsOf(entries, code).sort((a, b) => (momentOf(a.entry) < momentOf(b.entry) ? -1 : 1));
  const newest = readings.at(-1);
  if (newest === undefined) return undefined;
  const unit = newest.measured.u ?? '';
  const points: Point[] = [];
  let range: { low?: number; high?: number } = {};
  for (const { entry, measured } of readings) {
    const into = (value: number | undefined) =>
      value === undefined ? undefined : convert(value, measured.u ?? '', unit, code);
    const value = into(measured.n);
    if (value === undefined) continue;
    points.push({
      ...{ at: entry.a ?? entry.w, value, document: entry.d, resource: entry.r },
      ...(measured.c === undefined ? {} : { comparator: measured.c }),
      ...(measured.f === undefined ? {} : { flag: measured.f }),
    });
    const [low, high] = [into(measured.lo), into(measured.hi)];
    if (low !== undefined || high !== undefined) {
      range = { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
    }
  }
  return { code, name: newest.name, unit, points, ...range, leftOut: readings.length - points.length };
}

/** Codes that can be plotted, those with most values first. */
export function plottable(entries: readonly ChartEntry[]): { code: string; name: string; count: number }[] {
  const found = new Map<string, { code: string; name: string; count: number }>();
  const note = (code: string | undefined, name: string, measured: Measured) => {
    if (code === undefined || measured.n === undefined) return;
    const before = found.get(code);
    found.set(code, { code, name: before?.name ?? name, count: (before?.count ?? 0) + 1 });
  };
  for (const entry of entries) {
    if (isWithdrawn(entry) || (entry.k !== 'result' && entry.k !== 'vital')) continue;
    if (entry.m !== undefined) note(entry.code, entry.x, entry.m);
    for (const { code, x, ...measured } of entry.p ?? []) note(code, x, measured);
  }
  return [...found.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
