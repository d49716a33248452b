/** Dates, times and numbers by `Intl`, in the catalogue's language. */
const language = 'en-GB';

export function formatDate(value: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone }).format(
    new Date(value),
  );
}

export function formatTime(value: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    ...(timeZone && { timeZoneName: 'short' as const }),
  }).format(new Date(value));
}

export function formatDateTime(value: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    ...(timeZone && { timeZoneName: 'short' as const }),
  }).format(new Date(value));
}

/** The calendar day of a service, which is one in UTC. */
export function formatServiceDay(value: string): string {
  return formatDate(value, 'UTC');
}

/** A birth date is a calendar date without a zone. */
export function formatBirthDate(isoDate: string): string {
  return formatDate(`${isoDate}T00:00:00Z`, 'UTC');
}

export function formatNumber(value: number, digits = 0): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** An amount in minor units of a currency of two decimals; without a currency the number alone. */
export function formatMoney(minor: number, currency?: string): string {
  const style = currency === undefined ? { minimumFractionDigits: 2 } : { style: 'currency' as const, currency };
  return new Intl.NumberFormat(language, style).format(minor / 100);
}

/** Whole years between a birth date (ISO) and a day. */
export function ageAt(birthDate: string, on: Date): number {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  const hadBirthday = on.getMonth() + 1 > month || (on.getMonth() + 1 === month && on.getDate() >= day);
  return on.getFullYear() - year - (hadBirthday ? 0 : 1);
}

/** “2 min ago”, “in 3 days”. */
export function formatRelative(value: string, now: number): string {
  const seconds = Math.round((Date.parse(value) - now) / 1000);
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ];
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return format.format(seconds, 'second');
}
