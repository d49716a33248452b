import { formatDate, formatDateTime } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';

const monthOf = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A FHIR date in words, as exact as it was written: a year, a month, a day, an instant. */
export function clinicalWords(written: string): string {
  if (/^\d{4}$/.test(written)) return written;
  if (/^\d{4}-\d{2}$/.test(written)) return monthOf.format(new Date(`${written}-01T00:00:00Z`));
  if (/^\d{4}-\d{2}-\d{2}$/.test(written)) return formatDate(`${written}T00:00:00Z`, 'UTC');
  return formatDateTime(written);
}

/** When something happened, as its author wrote it; said so where the author wrote nothing. */
export function ClinicalTime({ value }: { value: string | undefined }) {
  if (value === undefined) return <span className="text-ink-3">{t.chart.undated}</span>;
  return <time dateTime={value}>{clinicalWords(value)}</time>;
}
