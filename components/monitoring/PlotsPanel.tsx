'use client';

import { ChartLine, LoaderCircle } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Empty } from '#components/ui/Empty.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import type { AlertCause } from '#monitoring/alert.ts';
import { type SeriesName, seriesOf } from '#monitoring/catalogue.ts';
import { scoredSeries } from '#monitoring/news2.ts';
import type { FeedState } from './feedState.ts';
import { linesOf } from './plotLines.ts';
import type { Annotation, PlotLine } from './plotView.ts';
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
  const opened = plan?.opened;
  const annotationsOf = useMemo(() => {
    const calls = [...alerts.values()];
    const planned: Annotation[] =
      opened === undefined
        ? []
        : [{ at: Date.parse(opened.at), kind: 'plan', text: t.monitoring.plot.planVersion(opened.version) }];
    return (lines: readonly PlotLine[]): Annotation[] => [
      ...planned,
      ...calls
        .filter(({ cause }) => concerns(cause, lines))
        .map(({ at, level, cause }) => ({ at, level, kind: 'alert' as const, text: causeWords(cause) })),
    ];
  }, [alerts, opened]);
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
            annotations={annotationsOf(lines)}
          />
        ))}
      </div>
    </Panel>
  );
}

/** Whether a plot of these series is the place to say it. */
const concerns = (cause: AlertCause, lines: readonly PlotLine[]): boolean =>
  lines.some(({ name }) => seriesOfCause(cause).includes(name));

function seriesOfCause(cause: AlertCause): readonly SeriesName[] {
  switch (cause.kind) {
    case 'limit':
    case 'trend':
      return [cause.series];
    case 'news2':
      return scoredSeries.filter((name) => cause.points[name] > 0);
    case 'missing':
      return cause.measures.flatMap(seriesOf);
    case 'fall':
      return ['heartRate'];
  }
}
