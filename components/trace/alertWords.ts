import {
  Barcode,
  ChartColumnIncreasing,
  CircleAlert,
  Copy,
  type LucideIcon,
  PackageOpen,
  Plane,
  ThermometerSnowflake,
  Unlink,
} from 'lucide-react';
import { formatNumber } from '#components/ui/format.ts';
import type { Tone } from '#components/ui/tone.ts';
import { t } from '#messages/en.ts';
import type { AlertView } from '#server/trace/schema.ts';

const text = t.trace.alerts;

const icons: Record<string, LucideIcon> = {
  duplicateSerial: Copy,
  brokenCustody: Unlink,
  impossibleTravel: Plane,
  excursion: ThermometerSnowflake,
  expiredOrRecalled: Barcode,
  unusualVolume: ChartColumnIncreasing,
  partialReceipt: PackageOpen,
};
const tones: Record<string, Tone> = { critical: 'danger', serious: 'warn', notice: 'info' };

export const alertIcon = (rule: string): LucideIcon => icons[rule] ?? CircleAlert;
export const alertTone = (level: string): Tone => tones[level] ?? 'neutral';
export const alertTitle = (rule: string): string => text.rules[rule] ?? rule;

/** What an alert is about, in one line: product, pack, place, and what the rule measured. */
export function alertLine(
  alert: Pick<AlertView, 'product' | 'serial' | 'sscc' | 'packs' | 'site' | 'facts' | 'rule'>,
): string {
  const { product, serial, sscc, packs, site } = alert;
  const parts = [
    product,
    serial === null ? null : text.serial(serial),
    sscc === null ? null : text.case(sscc.slice(-6)),
    serial === null && packs > 1 ? text.packs(formatNumber(packs)) : null,
    measured(alert),
    site?.name ?? null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function measured({ rule, facts }: Pick<AlertView, 'rule' | 'facts'>): string | null {
  const number = (name: string, digits = 0) => {
    const value = facts[name];
    return typeof value === 'number' ? formatNumber(value, digits) : null;
  };
  const both = (words: (one: string, other: string) => string, one: string | null, other: string | null) =>
    one === null || other === null ? null : words(one, other);
  switch (rule) {
    case 'excursion':
      return both(text.celsius, number('lowest', 1), number('highest', 1));
    case 'impossibleTravel':
      return both(text.travel, number('kilometres'), timeOf(facts.hours));
    case 'unusualVolume':
      return both(text.volume, number('packs'), number('usual', 1));
    case 'partialReceipt':
      return (
        both(text.cameBy, number('came'), number('chains')) ?? both(text.received, number('received'), number('items'))
      );
    default:
      return null;
  }
}

/** Hours in words; less than one in minutes. */
function timeOf(hours: string | number | undefined): string | null {
  if (typeof hours !== 'number') return null;
  const minutes = Math.round(hours * 60);
  if (minutes < 60) return text.minutes(minutes < 1 ? '< 1' : formatNumber(minutes));
  return text.hours(formatNumber(hours, 1));
}
