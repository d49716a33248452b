import { FlaskConical } from 'lucide-react';
import { t } from '#messages/en.ts';

/** Says that nothing here is real. */
export function DemonstrationBanner() {
  return (
    <div
      data-print="hide"
      className="flex min-h-8 flex-wrap items-center justify-center gap-x-2 border-b border-line bg-info-soft px-4 py-1 text-center text-xs text-info sm:text-sm"
    >
      <FlaskConical size={15} aria-hidden className="shrink-0" />
      <strong>{t.shell.demonstration.banner}</strong>
      <span className="text-ink-2">{t.shell.demonstration.body}</span>
    </div>
  );
}
