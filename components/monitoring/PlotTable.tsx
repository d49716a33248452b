'use client';

import { useState } from 'react';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import { envelope } from '#monitoring/downsample.ts';
import type { PlotLine } from './plotView.ts';
import { gapOf, type RangeName, ranges } from './ranges.ts';
import { timeWords } from './timeWords.ts';
import { numberWords } from './words.ts';

const text = t.monitoring.plot;
/** An hour, a day and a fortnight a row. */
const rowsOf: Record<RangeName, number> = { day: 24, month: 30, year: 26 };

/** The plot's numbers for who would rather read them; made when it is opened. */
export function PlotTable({ lines, range, to }: { lines: readonly PlotLine[]; range: RangeName; to: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="mt-1.5 text-sm text-ink-2" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer">{text.asTable}</summary>
      {isOpen && (
        <ScrollX label={text.tableOf(lines.map(({ name }) => t.monitoring.series[name]))}>
          {lines.map((line) => (
            <Rows key={line.name} line={line} range={range} to={to} />
          ))}
        </ScrollX>
      )}
    </details>
  );
}

function Rows({ line: { name, spans }, range, to }: { line: PlotLine; range: RangeName; to: number }) {
  const from = to - ranges[range].ms;
  const window = { from, to, columns: rowsOf[range], gapMs: gapOf(range, name) };
  const rows = envelope(spans, window).flat().toReversed();
  return (
    <table className="mt-1 w-full max-w-xl">
      <caption className="py-1 text-left font-semibold text-ink">{t.monitoring.series[name]}</caption>
      <thead>
        <tr className="border-b border-line-strong text-left">
          {(['when', 'low', 'mean', 'high', 'count'] as const).map((column) => (
            <th key={column} scope="col" className={`py-1 pr-4 font-semibold ${column === 'when' ? '' : 'text-right'}`}>
              {text.columns[column]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.from}>
            <th scope="row" className="py-0.5 pr-4 text-left font-normal whitespace-nowrap">
              {timeWords(row.from, range)}
            </th>
            <td className="py-0.5 pr-4 text-right text-ink">{numberWords(name, row.min)}</td>
            <td className="py-0.5 pr-4 text-right text-ink">{numberWords(name, row.mean, 1)}</td>
            <td className="py-0.5 pr-4 text-right text-ink">{numberWords(name, row.max)}</td>
            <td className="py-0.5 pr-4 text-right">{row.count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
