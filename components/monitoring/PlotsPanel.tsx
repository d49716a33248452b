'use client';

import { ChartLine, LoaderCircle } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Empty } from '#components/ui/Empty.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import type { FeedState } from './feedState.ts';
import { linesOf } from './plotLines.ts';
import type { Annotation } from './plotView.ts';
import { type RangeName, rangeNames } from './ranges.ts';
import { TrendPlot } from './TrendPlot.tsx';
import { causeWords } from './words.ts';

const text = t.monitoringPages.plots;

/** What was measured over a day, a month or a year, with limits, gaps and what happened. `onRange` asks for what it takes. */
export function PlotsPanel({ state, onRange }: { state: FeedState; onRange: (range: RangeName) => void }) {
  const [range, setRange] = useState<RangeName>('day');
  const now = useNow(10_000);
  const { plan, readings, hour, day, alerts } = state;
  const limits = plan?.opened?.terms.limits;
  const plots = useMemo(
    () => linesOf({ readings, hour, day }, range, limits ?? {}),
    [readings, hour, day, range, limits],
  );
  const annotations = useMemo<Annotation[]>(
    () =>
      [...alerts.values()].map(({ at, level, cause }) => ({
        at,
        level,
        kind: 'alert' as const,
        text: causeWords(cause),
      })),
    [alerts],
  );
  return (
    <Panel labelledBy="plots">
      <PanelHead
        id="plots"
        icon={ChartLine}
        title={text.title}
        aside={
          <fieldset className="flex rounded-lg border border-control p-0.5">
            <legend className="sr-only">{t.monitoring.plot.choose}</legend>
            {rangeNames.map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={name === range}
                onClick={() => {
                  setRange(name);
                  onRange(name);
                }}
                className="min-h-8 rounded-md px-3 text-sm font-semibold text-ink-2 hover:text-ink aria-pressed:bg-brand aria-pressed:text-brand-ink"
              >
                {t.monitoring.plot.ranges[name]}
              </button>
            ))}
          </fieldset>
        }
      />
      {range !== 'day' && <p className="mb-3 text-sm text-ink-2">{text.digest}</p>}
      {plots.length === 0 && state.loading && (
        <Notice icon={LoaderCircle} live="status" title={t.monitoringPages.day.loading} />
      )}
      {plots.length === 0 && !state.loading && (
        <Empty icon={ChartLine} title={text.none}>
          {text.noneBody}
        </Empty>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-6 gap-y-8 xl:grid-cols-2">
        {plots.map(({ name, lines }) => (
          <TrendPlot
            key={name}
            title={lines.length > 1 ? t.monitoring.measures.bloodPressure : t.monitoring.series[name]}
            lines={lines}
            range={range}
            to={now}
            annotations={annotations.filter(({ at }) => at >= now - 366 * 86_400_000)}
          />
        ))}
      </div>
    </Panel>
  );
}
