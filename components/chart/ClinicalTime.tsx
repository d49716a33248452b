import { timeWords } from '#fhir/chart/words.ts';
import { t } from '#messages/en.ts';

/** When something happened, as its author wrote it, or the day of it; said so where the author wrote nothing. */
export function ClinicalTime({ value, day = false }: { value: string | undefined; day?: boolean }) {
  if (value === undefined) return <span className="text-ink-3">{t.chart.undated}</span>;
  return <time dateTime={value}>{timeWords(day ? value.slice(0, 10) : value)}</time>;
}
