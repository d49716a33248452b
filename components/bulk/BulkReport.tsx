'use client';

import { Download } from 'lucide-react';
import { saveFile } from '#components/records/saveFile.ts';
import { Button } from '#components/ui/Button.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import type { BulkFile } from './entry.ts';
import { type ReportRow, reportCsv } from './report.ts';

const text = t.bulk.report;
const mostShown = 200;
const tones = { accepted: 'ok', partly: 'warn', refused: 'danger', leftOut: 'warn' } as const;

/** What became of each line or event of a file: those that need a look first, and all of them to take along. */
export function BulkReport({ file, rows }: { file: BulkFile; rows: ReportRow[] }) {
  const count = (...outcomes: ReportRow['outcome'][]) =>
    formatNumber(rows.filter(({ outcome }) => outcomes.includes(outcome)).length);
  const amiss = rows.filter(({ outcome }) => outcome !== 'accepted');
  const shown = [...amiss, ...rows.filter(({ outcome }) => outcome === 'accepted')].slice(0, mostShown);
  return (
    <Panel labelledBy="report">
      <PanelHead
        id="report"
        title={text.title}
        remark={text.remark(count('accepted'), count('refused', 'partly'), count('leftOut'))}
        aside={
          <Button
            size="sm"
            icon={Download}
            onClick={() => saveFile(text.name(file.name), 'text/csv', [reportCsv(rows, file.kind)])}
          >
            {text.download}
          </Button>
        }
      />
      {rows.length > shown.length && <p className="text-sm text-ink-3">{text.shown(formatNumber(shown.length))}</p>}
      <ScrollX label={text.title}>
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b border-line-strong text-left text-ink-2">
              {[text.place[file.kind], text.outcome, text.what, text.why].map((head) => (
                <th key={head} scope="col" className="py-2 pr-4 font-semibold">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {shown.map(({ place, outcome, what, why }) => (
              <tr key={`${place}-${outcome}`} className="align-top">
                <th scope="row" className="py-2 pr-4 text-left font-semibold">
                  {formatNumber(place)}
                </th>
                <td className="py-2 pr-4 whitespace-nowrap">
                  <Pill tone={tones[outcome]}>{text.outcomes[outcome]}</Pill>
                </td>
                <td className="min-w-44 py-2 pr-4">{what}</td>
                <td className="min-w-44 py-2 break-words text-ink-2">{why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Panel>
  );
}
