'use client';

import { FlaskConical } from 'lucide-react';
import type { Category } from '#chaincode/model/category.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import type { Shown } from '#fhir/chart/screen.ts';
import { entryValue, rangeWords } from '#fhir/chart/words.ts';
import { t } from '#messages/en.ts';
import { ClinicalTime } from './ClinicalTime.tsx';
import { FlagPill } from './FlagPill.tsx';
import { flagOf } from './flag.ts';
import { NotShared } from './NotShared.tsx';
import { withheldFrom } from './withheld.ts';

/** The newest value of everything that was measured; pressing one shows it over time. */
export function LatestResults({
  entries,
  withheld,
  chosen,
  onChoose,
}: {
  entries: readonly Shown[];
  withheld: readonly Category[];
  /** Code that is plotted. */
  chosen: string | undefined;
  onChoose: (code: string) => void;
}) {
  const hidden = withheldFrom('latest', withheld);
  const { columns } = t.chart;
  return (
    <Panel labelledBy="chart-latest">
      <PanelHead id="chart-latest" icon={FlaskConical} title={t.chart.latest} />
      {entries.length > 0 && (
        <ScrollX label={t.chart.latest}>
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b border-line-strong text-left text-ink-2">
                {(['what', 'value', 'range', 'when'] as const).map((name) => (
                  <th
                    key={name}
                    scope="col"
                    className={`py-2 pr-3 font-semibold ${name === 'range' ? 'hidden sm:table-cell' : ''}`}
                  >
                    {columns[name]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {entries.map((entry) => (
                <Row
                  key={`${entry.category}/${entry.y}/${entry.r}`}
                  entry={entry}
                  chosen={chosen}
                  onChoose={onChoose}
                />
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
      {entries.length === 0 && !hidden.whole && <p className="text-sm text-ink-2">{t.chart.none.latest}</p>}
      {hidden.categories.length > 0 && (
        <div className="mt-2">
          <NotShared withheld={hidden.categories} whole={hidden.whole} />
        </div>
      )}
    </Panel>
  );
}

function Row({
  entry,
  chosen,
  onChoose,
}: {
  entry: Shown;
  chosen: string | undefined;
  onChoose: (code: string) => void;
}) {
  const flag = [entry.m, ...(entry.p ?? [])]
    .map((value) => value && flagOf(value))
    .find((found) => found !== undefined);
  const range = entry.m === undefined ? '' : rangeWords(entry.m);
  const plotted = entry.m?.n === undefined ? entry.p?.find(({ n }) => n !== undefined)?.code : entry.code;
  return (
    <tr>
      <th scope="row" className="py-2 pr-3 text-left font-semibold">
        {plotted === undefined ? (
          entry.x
        ) : (
          <button
            type="button"
            aria-pressed={chosen === plotted}
            onClick={() => onChoose(plotted)}
            className="rounded-sm text-left text-brand underline decoration-1 underline-offset-3 hover:decoration-2"
          >
            {entry.x}
          </button>
        )}
      </th>
      <td className="py-2 pr-3">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-bold whitespace-nowrap">{entryValue(entry)}</span>
          {flag && <FlagPill flag={flag} />}
        </span>
        {range !== '' && (
          <span className="block text-ink-2 sm:hidden">
            {t.chart.columns.range} {range}
          </span>
        )}
      </td>
      <td className="hidden py-2 pr-3 whitespace-nowrap text-ink-2 sm:table-cell">{range}</td>
      <td className="py-2 text-ink-2">
        <ClinicalTime value={entry.a} day />
      </td>
    </tr>
  );
}
