import { type SeriesName, seriesNames, standsForMs } from '#monitoring/catalogue.ts';
import type { Span } from '#monitoring/downsample.ts';
import type { Measured, Score } from '#monitoring/news2.ts';
import { type Limits, rankOf } from '#monitoring/plan.ts';
import { type AlertView, isOpen, isWaiting } from './alertView.ts';
import type { WallLevel } from './levels.ts';

/** A patient as the wall shows one. Times are milliseconds since 1970. */
export interface WallPatient {
  /** Pseudonym. */
  id: string;
  name: string;
  href: string;
  alerts: readonly AlertView[];
  newest: Partial<Record<SeriesName, Measured>>;
  /** Undefined where the plan does not use NEWS2, or cannot be read. */
  score?: Score;
  /** The plan's; undefined where there is none that this reader can open. */
  limits?: Partial<Record<SeriesName, Limits>>;
  /** What the tile draws, of the last hours. */
  spark?: { name: SeriesName; spans: readonly Span[] };
  /** This reader's keys cannot open the readings. */
  isSealed?: boolean;
}

export const lastReading = ({ newest }: Pick<WallPatient, 'newest'>): number | undefined =>
  seriesNames.reduce<number | undefined>((last, name) => {
    const at = newest[name]?.at;
    return at === undefined || (last !== undefined && last > at) ? last : at;
  }, undefined);

/** Whether a value lies beyond the plan's urgent (else critical) limits. */
export const isOutside = (value: number, limits: Limits | undefined): boolean =>
  value < (limits?.low ?? limits?.criticalLow ?? Number.NEGATIVE_INFINITY) ||
  value > (limits?.high ?? limits?.criticalHigh ?? Number.POSITIVE_INFINITY);

/** The worst open alert; else whether what still stands lies within the limits, also where it has not lasted long enough. */
export function levelOf(patient: WallPatient, now: number): WallLevel {
  const [worst] = patient.alerts.filter(isOpen).toSorted((a, b) => rankOf(a.level) - rankOf(b.level));
  if (worst !== undefined) return worst.level;
  if (patient.isSealed) return 'sealed';
  const standing = seriesNames.flatMap((name) => {
    const measured = patient.newest[name];
    return measured === undefined || now - measured.at > standsForMs(name) ? [] : [{ name, ...measured }];
  });
  if (standing.length === 0) return 'unknown';
  if (standing.some(({ name, value }) => isOutside(value, patient.limits?.[name]))) return 'outside';
  return patient.limits === undefined ? 'unjudged' : 'calm';
}

const order: readonly WallLevel[] = [
  'critical',
  'urgent',
  'outside',
  'notice',
  'unknown',
  'sealed',
  'unjudged',
  'calm',
];
/** Worst first: level, then who is still waited for, then the score, then the name. */
export function worstFirst(patients: readonly WallPatient[], now: number): WallPatient[] {
  const ranked = patients.map((patient) => {
    const level = levelOf(patient, now);
    const waits = patient.alerts.some((alert) => alert.level === level && isWaiting(alert)) ? 0 : 1;
    const total = patient.score?.state === 'scored' ? patient.score.total : -1;
    return { patient, place: order.indexOf(level), waits, total };
  });
  return ranked
    .sort(
      (a, b) =>
        a.place - b.place || a.waits - b.waits || b.total - a.total || a.patient.name.localeCompare(b.patient.name),
    )
    .map(({ patient }) => patient);
}

/** Where a clinician sees a patient, by pseudonym. */
export const addressOf = (patient: string): string => `/doctor/monitoring/${patient}`;
