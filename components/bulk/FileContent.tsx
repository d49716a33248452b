import { FileX } from 'lucide-react';
import type { ReactNode } from 'react';
import { eventWords } from '#components/signing/traceWords.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { BulkFile } from './entry.ts';
import type { ReadFile } from './readFile.ts';

const text = t.bulk;

/** What a file asks to record, event by event in words, and what of it is left out, before anything is signed. */
export function FileContent({
  read: { file, plan, names },
  children,
}: {
  read: Extract<ReadFile, { state: 'ready' }>;
  children: ReactNode;
}) {
  const { entries, leftOut } = file;
  const counts = text.counts(
    text.events(entries.length, formatNumber(entries.length)),
    formatNumber(leftOut.length),
    text.signatures(plan.length, formatNumber(plan.length)),
  );
  return (
    <Panel labelledBy="content">
      <PanelHead id="content" title={text.found(file.name)} remark={counts} />
      {entries.length === 0 && (
        <Empty icon={FileX} title={text.empty}>
          {text.emptyBody}
        </Empty>
      )}
      {leftOut.length > 0 && (
        <section aria-label={text.leftOut} className="mb-4 rounded-lg border-l-4 border-warn bg-warn-soft p-4">
          <p className="font-bold">{text.leftOut}</p>
          <p className="text-sm">{text.leftOutBody}</p>
          <ul className="mt-2 max-h-56 list-disc overflow-y-auto pl-5 text-sm">
            {leftOut.map(({ place, why }) => (
              <li key={`${place} ${why}`} className="break-words">
                {placeWords(file.kind, [place])}: {why}
              </li>
            ))}
          </ul>
        </section>
      )}
      <ol className="mb-4 max-h-96 divide-y divide-line overflow-y-auto">
        {entries.map(({ places, event }) => (
          <li key={places.join()} className="flex flex-wrap gap-x-3 py-2 text-sm">
            <span className="w-28 shrink-0 text-ink-3">{placeWords(file.kind, places)}</span>
            <span className="min-w-0 flex-1 basis-52 break-words">{eventWords(event, names)}</span>
          </li>
        ))}
      </ol>
      <div className="space-y-3">
        {plan.length > 1 && <p className="text-sm text-ink-2">{text.first}</p>}
        {children}
      </div>
    </Panel>
  );
}

function placeWords(kind: BulkFile['kind'], places: readonly number[]): string {
  const [first = 0] = places;
  const last = places.at(-1) ?? first;
  return first === last ? text.at[kind](formatNumber(first)) : text.lines(formatNumber(first), formatNumber(last));
}
