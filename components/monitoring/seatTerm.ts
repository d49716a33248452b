/** For how long somebody or something may watch, as a form offers it. */
export const seatPeriods = ['always', 'week', 'month', 'year'] as const;
export type SeatPeriod = (typeof seatPeriods)[number];

const days: Record<Exclude<SeatPeriod, 'always'>, number> = { week: 7, month: 30, year: 365 };

/** ISO 8601 instant of the end; undefined where there is none. */
export const untilOf = (period: SeatPeriod, now: Date): string | undefined =>
  period === 'always' ? undefined : new Date(now.getTime() + days[period] * 86_400_000).toISOString();

const deviceNumber = /dev-[a-z2-7]{26}/;

/** The number of a device in what was typed or scanned, which may be an address that holds it. */
export const deviceIn = (text: string): string | undefined => deviceNumber.exec(text.trim().toLowerCase())?.[0];
