'use client';

import { Bars } from '#components/ledgers/Bars.tsx';
import { classes } from '#components/ui/classes.ts';
import { formatDate } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { WeekSeries } from './weekSeries.ts';

const text = t.claimsFigures;

/** Small charts of the same weeks, on one scale unless each has its own. */
export function WeekCharts<Name extends string>({
  title,
  remark,
  series,
  nameOf,
  wordsOf,
  colourOf,
  top,
  isOwnScale = false,
}: {
  title: string;
  remark: string;
  series: readonly WeekSeries<Name>[];
  nameOf: (name: Name) => string;
  /** What a chart comes to. */
  wordsOf: (series: WeekSeries<Name>) => string;
  colourOf: (name: Name) => string;
  top?: number;
  isOwnScale?: boolean;
}) {
  const highest = (some: readonly WeekSeries<Name>[]) =>
    top ?? Math.max(1, ...some.flatMap(({ bars }) => bars.map(({ value }) => value ?? 0)));
  const from = series[0]?.bars[0]?.at;
  return (
    <Panel>
      <PanelHead title={title} remark={remark} />
      <ul
        className={classes(
          'grid grid-cols-[minmax(0,1fr)] gap-5',
          series.length > 1 && 'sm:grid-cols-2',
          series.length > 2 && 'xl:grid-cols-4',
        )}
      >
        {series.map((each) => (
          <li key={each.name} className="min-w-0">
            <p className="flex flex-wrap items-center gap-x-2 text-sm">
              <span aria-hidden className="size-2.5 rounded-[3px]" style={{ background: colourOf(each.name) }} />
              <strong className="first-letter:uppercase">{nameOf(each.name)}</strong>
              <span className="text-ink-2 tabular-nums">{wordsOf(each)}</span>
            </p>
            <Bars
              bars={each.bars}
              top={highest(isOwnScale ? [each] : series)}
              color={colourOf(each.name)}
              label={text.chart(title, nameOf(each.name), wordsOf(each))}
            />
          </li>
        ))}
      </ul>
      {from !== undefined && (
        <p className="mt-2 flex justify-between text-sm text-ink-3">
          <span>{text.week(formatDate(new Date(from).toISOString(), 'UTC'))}</span>
          <span>{text.now}</span>
        </p>
      )}
    </Panel>
  );
}
