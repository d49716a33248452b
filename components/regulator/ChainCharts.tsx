'use client';

import { Layers } from 'lucide-react';
import { chainLabel, threadOf } from '#components/shell/chains.ts';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import { Spark } from './Spark.tsx';
import { lastHour, type Series } from './view.ts';

const text = t.regulator.chains;

/** Every chain's last hour on one scale, so that they can be compared. */
export function ChainCharts({ channels, series, now }: { channels: string[]; series: Series[]; now: number }) {
  const rows = channels.map((channel) => {
    const points = lastHour(series.find((one) => one.channel === channel)?.minutes ?? [], now);
    return { channel, points, total: points.reduce((sum, { count }) => sum + count, 0) };
  });
  const top = Math.max(1, ...rows.flatMap(({ points }) => points.map(({ count }) => count)));
  const current = rows.reduce((sum, { points }) => sum + (points.at(-1)?.count ?? 0), 0);
  return (
    <Panel>
      <PanelHead
        title={text.title}
        remark={text.remark}
        aside={
          <Pill tone="ok" icon={Layers}>
            {text.together(formatNumber(current))}
          </Pill>
        }
      />
      <ul className="grid grid-cols-2 gap-x-5 gap-y-5 md:grid-cols-4 2xl:grid-cols-8">
        {rows.map(({ channel, points, total }) => (
          <li key={channel}>
            <p className="flex flex-wrap items-center gap-x-2 text-sm">
              <span aria-hidden className="size-2.5 rounded-[3px]" style={{ background: threadOf(channel) }} />
              <strong>{chainLabel(channel)}</strong>
              <span className="text-ink-2">{total === 0 ? text.none : text.inHour(formatNumber(total))}</span>
            </p>
            <Spark
              points={points}
              top={top}
              color={threadOf(channel)}
              label={text.chart(chainLabel(channel), formatNumber(total))}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
