import { EyeOff } from 'lucide-react';
import type { Category } from '#chaincode/model/category.ts';
import { t } from '#messages/en.ts';

/** Parts of a record in words, as a list of a sentence. */
export function partsWords(categories: readonly Category[]): string {
  const names = categories.map((category) => t.records.categories[category].toLowerCase());
  return new Intl.ListFormat('en-GB').format(names);
}

/**
 * Says that something is not shared, whether or not there is anything: never a reassuring blank. `whole`: all of what the list
 * would show; otherwise entries of these parts may be missing from it.
 */
export function NotShared({ withheld, whole }: { withheld: readonly Category[]; whole: boolean }) {
  if (withheld.length === 0) return null;
  const parts = partsWords(withheld);
  return (
    <p className="flex items-start gap-2 rounded-md bg-sunken px-3 py-2 text-sm text-ink-2">
      <EyeOff size={16} aria-hidden className="mt-0.5 shrink-0" />
      <span>
        {whole ? (
          <>
            <strong className="text-ink">{t.chart.notSharedOf(parts)}</strong> {t.chart.notSharedBody}
          </>
        ) : (
          t.chart.partly(parts)
        )}
      </span>
    </p>
  );
}
