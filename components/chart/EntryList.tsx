'use client';

import { type LucideIcon, TriangleAlert } from 'lucide-react';
import type { Category } from '#chaincode/model/category.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import type { Shown } from '#fhir/chart/screen.ts';
import { t } from '#messages/en.ts';
import { ClinicalTime } from './ClinicalTime.tsx';
import { NotShared } from './NotShared.tsx';
import { type ChartList, withheldFrom } from './withheld.ts';

/** One list of the first screen: problems, allergies or medicines. Pressing an entry opens it. */
export function EntryList({
  list,
  icon,
  entries,
  withheld,
  onOpen,
}: {
  list: Exclude<ChartList, 'latest'>;
  icon: LucideIcon;
  entries: readonly Shown[];
  withheld: readonly Category[];
  onOpen: (entry: Shown) => void;
}) {
  const hidden = withheldFrom(list, withheld);
  const id = `chart-${list}`;
  return (
    <Panel labelledBy={id}>
      <PanelHead
        id={id}
        icon={icon}
        title={t.chart[list]}
        remark={entries.length > 0 ? `${entries.length}` : undefined}
      />
      {entries.length > 0 && (
        <ul className="divide-y divide-line">
          {entries.map((entry) => (
            <li key={`${entry.category}/${entry.y}/${entry.r}`}>
              <button
                type="button"
                onClick={() => onOpen(entry)}
                className="-mx-2 block w-[calc(100%+1rem)] rounded-md px-2 py-2 text-left hover:bg-sunken"
              >
                <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <span className="font-bold">{entry.x}</span>
                  {entry.hi && (
                    <Pill tone="danger" icon={TriangleAlert}>
                      {t.chart.highRisk}
                    </Pill>
                  )}
                  {entry.v !== undefined && <Pill tone="warn">{t.chart.unconfirmed(entry.v)}</Pill>}
                </span>
                <span className="block text-sm text-ink-2">
                  {entry.n !== undefined && <>{entry.n} · </>}
                  {t.chart.since} <ClinicalTime value={entry.a} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {entries.length === 0 && !hidden.whole && <p className="text-sm text-ink-2">{t.chart.none[list]}</p>}
      {hidden.categories.length > 0 && (
        <div className="mt-2">
          <NotShared withheld={hidden.categories} whole={hidden.whole} />
        </div>
      )}
    </Panel>
  );
}
