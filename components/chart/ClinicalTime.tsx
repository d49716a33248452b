import { timeWords } from '#fhir/chart/words.ts';
import { t } from '#messages/en.ts';

/** When something happened, as its author wrote it; said so where the author wrote nothing. */
export function ClinicalTime({ value }: { value: string | undefined }) {
  if (value === undefined) return <span className="text-ink-3">{t.chart.undated}</span>;
  return <time dateTime={value}>{timeWords(value)}</time>;
}
