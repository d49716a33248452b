import { formatNumber } from '#components/ui/format.ts';
import type { ChartEntry, Measured } from '#fhir/chart/entry.ts';
import { t } from '#messages/en.ts';

/** UCUM writes `mm[Hg]` and `10*9/L`; clinicians read `mmHg` and `10⁹/L`. */
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
export function unitWords(ucum: string): string {
  return ucum
    .replaceAll('[', '')
    .replaceAll(']', '')
    .replace(/10\*(\d)/g, (_, power: string) => `10${superscripts[Number(power)]}`)
    .replace(/\{[^}]*\}/g, '')
    .replace(/^1$/, '');
}

/** A value with its unit, as clinicians write it. */
export function valueWords({ n, c, u, t: words }: Measured): string {
  if (n === undefined) return words ?? '';
  const unit = unitWords(u ?? '');
  return `${c ?? ''}${formatNumber(n, 3)}${unit === '' ? '' : unit === '%' ? ' %' : ` ${unit}`}`;
}

/** All values of an entry: `132 / 84 mmHg` for the parts of a blood pressure. */
export function valuesOf({ m, p }: Pick<ChartEntry, 'm' | 'p'>): string {
  if (m !== undefined) return valueWords(m);
  const parts = (p ?? []).filter((part) => part.n !== undefined || part.t !== undefined);
  const units = new Set(parts.map(({ u }) => u));
  if (parts.length === 2 && units.size === 1) {
    const [one, other] = parts;
    return `${formatNumber(one?.n ?? 0, 1)} / ${other === undefined ? '' : valueWords(other)}`;
  }
  return parts.map((part) => `${part.x} ${valueWords(part)}`).join(', ');
}

export type Flag = keyof typeof t.chart.flags;

/** How a value lies to its reference range, by its own interpretation, else by the range. */
export function flagOf({ f, n, lo, hi }: Measured): Flag | undefined {
  if (f === 'HH' || f === 'LL' || f === 'AA') return 'critical';
  if (f === 'H' || f === 'HU' || f === '>') return 'high';
  if (f === 'L' || f === 'LU' || f === '<') return 'low';
  if (f === 'A') return 'abnormal';
  if (f !== undefined || n === undefined) return undefined;
  if (hi !== undefined && n > hi) return 'high';
  return lo !== undefined && n < lo ? 'low' : undefined;
}

/** The reference range in words; undefined where none was given. */
export function rangeWords({ lo, hi }: Measured): string | undefined {
  if (lo === undefined && hi === undefined) return undefined;
  const words = (value: number | undefined) => (value === undefined ? undefined : formatNumber(value, 3));
  return t.chart.range(words(lo), words(hi));
}
