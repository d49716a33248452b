import type { ChartEntry, Measured } from './entry.ts';

/** Entries in words: values with units as people write them, and times no more exact than they were recorded. */

const language = 'en-GB';

const written: Record<string, string> = {
  'mm[Hg]': 'mmHg',
  Cel: '°C',
  '[degF]': '°F',
  '[lb_av]': 'lb',
  '[in_i]': 'in',
  'm[IU]/L': 'mU/L',
  '[iU]': 'IU',
  '10*9/L': '10⁹/L',
  '10*12/L': '10¹²/L',
  '10*3/uL': '10³/µL',
  '10*6/uL': '10⁶/µL',
};
/** A UCUM code as people write it. What is only counted (`{tablet}`) loses its braces. */
export const unitWords = (unit: string): string =>
  Object.hasOwn(written, unit)
    ? (written[unit] ?? unit)
    : unit
        .replace(/\{([^}]*)\}/g, '$1')
        .replace(/(^|\/)u(?=mol|g|L)/g, '$1µ')
        .replace(/_?m2$/, ' m²');

// Formats are dear to make, and a long record has thousands of values.
const numbers = new Intl.NumberFormat(language, { maximumSignificantDigits: 6 });
const numberWords = (value: number) => numbers.format(value);
const days = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const months = new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: 'UTC' });
const instants = new Map<string | undefined, Intl.DateTimeFormat>();
function instantFormat(timeZone: string | undefined): Intl.DateTimeFormat {
  const zone = timeZone === undefined ? {} : { timeZone };
  const format =
    instants.get(timeZone) ?? new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', ...zone });
  instants.set(timeZone, format);
  return format;
}

/** `5.4 mmol/L`, `< 0.1 mg/L`, `positive`. */
export function valueWords({ n, c, u, t }: Measured): string {
  if (n === undefined) return t ?? '';
  return [c, numberWords(n), u === undefined || u === '' ? undefined : unitWords(u)].filter((part) => part).join(' ');
}
/** `3.5–5.1`, `under 5`, `over 60`. */
export function rangeWords({ lo, hi }: Measured): string {
  if (lo !== undefined && hi !== undefined) return `${numberWords(lo)}–${numberWords(hi)}`;
  if (hi !== undefined) return `under ${numberWords(hi)}`;
  return lo === undefined ? '' : `over ${numberWords(lo)}`;
}

/** All values of an entry: `128 / 81 mmHg` for a blood pressure. */
export function entryValue({ m, p = [] }: Pick<ChartEntry, 'm' | 'p'>): string {
  const alike = m === undefined && p.length > 1 && p.every(({ n, u }) => n !== undefined && u === p[0]?.u);
  const unit = alike && p[0]?.u !== undefined ? ` ${unitWords(p[0].u)}` : '';
  const parts = alike ? p.map(({ u: _, ...part }) => part) : p;
  const values = [...(m === undefined ? [] : [m]), ...parts].map(valueWords).filter((each) => each !== '');
  return values.join(' / ') + unit;
}

/** A FHIR date or dateTime, to the precision in which it is written. Instants are told in `timeZone`, else in the reader's. */
export function timeWords(at: string, timeZone?: string): string {
  if (at.length > 10) return instantFormat(timeZone).format(new Date(at));
  const [year = 0, month, day] = at.split('-').map(Number);
  if (month === undefined) return at;
  return (day === undefined ? months : days).format(new Date(Date.UTC(year, month - 1, day ?? 1)));
}
export const spanWords = ({ a, e }: Pick<ChartEntry, 'a' | 'e'>, timeZone?: string): string => {
  const [from, to] = [a === undefined ? '' : timeWords(a, timeZone), e === undefined ? '' : timeWords(e, timeZone)];
  return to === '' || to === from ? from : `${from} – ${to}`;
};
