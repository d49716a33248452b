'use client';

import { TriangleAlert } from 'lucide-react';
import { chainLabel, threadOf } from '#components/shell/chains.ts';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import { type ChannelSeries, type Span, spans } from '#server/ledgers/schema.ts';
import { Bars } from './Bars.tsx';
import { barsOf, type MeasureName, summaryOf } from './measures.ts';

/** One measure of every chain over time, on one scale, so that chains can be compared. */
export function Multiples({
  measure,
  series,
  span,
  now,
}: {
  measure: MeasureName;
  series: readonly ChannelSeries[];
  span: Span;
  now: number;
}) {
  const text = t.ledgers.measures[measure];
  const charts = series.map(({ channel, points }) => {
    const bars = barsOf(points, measure, span, now);
    const summary = summaryOf(bars, measure);
    return {
      ...{ channel, bars },
      summary: summary === null ? text.none : text.sum(formatNumber(summary)),
      unanswered: bars.filter((bar) => bar.unanswered).length,
    };
  });
  const top = Math.max(1, ...charts.flatMap(({ bars }) => bars.map(({ value }) => value ?? 0)));
  const from = charts[0]?.bars[0]?.at;
  return (
    <Panel>
      <PanelHead title={text.title} remark={text.remark(spans[span].step)} />
      <ul className="grid grid-cols-2 gap-x-5 gap-y-5 md:grid-cols-4">
        {charts.map(({ channel, bars, summary, unanswered }) => (
          <li key={channel} className="min-w-0">
            <p className="flex flex-wrap items-center gap-x-2 text-sm">
              <span aria-hidden className="size-2.5 rounded-[3px]" style={{ background: threadOf(channel) }} />
              <strong>{chainLabel(channel)}</strong>
              <span className="text-ink-2">{summary}</span>
            </p>
            <Bars
              bars={bars}
              top={top}
              color={threadOf(channel)}
              label={t.ledgers.chart(text.title, chainLabel(channel), summary)}
            />
            {unanswered > 0 && (
              <p className="flex items-center gap-1.5 text-sm text-danger">
                <TriangleAlert size={14} aria-hidden />
                {t.ledgers.unanswered(unanswered)}
              </p>
            )}
          </li>
        ))}
      </ul>
      {from !== undefined && (
        <p className="mt-2 flex justify-between text-sm text-ink-3">
          <Time value={new Date(from).toISOString()} as="time" />
          <span>{t.ledgers.now}</span>
        </p>
      )}
    </Panel>
  );
}
