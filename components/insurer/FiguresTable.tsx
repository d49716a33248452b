'use client';

import { formatDate, formatNumber } from '#components/ui/format.ts';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import { type ClaimFigures, claimOutcomes } from '#server/claims/schema.ts';
import { durationWords } from './weekSeries.ts';

const text = t.claimsFigures;
const timeOf = (seconds: number | null) => (seconds === null ? '–' : durationWords(seconds));

/** The charts' numbers, for who would rather read. */
export function FiguresTable({ figures }: { figures: ClaimFigures }) {
  const cell = 'px-2 py-1.5 text-right tabular-nums whitespace-nowrap';
  return (
    <details className="rounded-lg border border-line bg-surface p-4 sm:p-5">
      <summary className="cursor-pointer font-bold">{text.table}</summary>
      <div className="mt-3">
        <ScrollX label={text.table}>
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b border-line-strong text-ink-2">
                <th scope="col" className="py-1.5 pr-3 text-left font-semibold">
                  {text.columns.week}
                </th>
                {[
                  ...claimOutcomes.map((outcome) => text.outcomes.names[outcome]),
                  ...[text.columns.byRule, text.columns.p50, text.columns.p95],
                ].map((name) => (
                  <th key={name} scope="col" className={`${cell} font-semibold`}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {[...figures.weeks].reverse().map(({ week, outcomes, byRule, p50Seconds, p95Seconds }) => (
                <tr key={week}>
                  <th scope="row" className="py-1.5 pr-3 text-left font-semibold whitespace-nowrap">
                    {formatDate(week, 'UTC')}
                  </th>
                  {claimOutcomes.map((outcome) => (
                    <td key={outcome} className={cell}>
                      {formatNumber(outcomes[outcome] ?? 0)}
                    </td>
                  ))}
                  <td className={cell}>{formatNumber(byRule)}</td>
                  <td className={cell}>{timeOf(p50Seconds)}</td>
                  <td className={cell}>{timeOf(p95Seconds)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      </div>
    </details>
  );
}
