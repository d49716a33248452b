'use client';

import { ChartColumn, CircleCheck, Clock, Wallet, Workflow } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { classes } from '#components/ui/classes.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { formatMoney, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { type ClaimFigures, type FiguresAsked, figureWeeks } from '#server/claims/schema.ts';
import { FiguresTable } from './FiguresTable.tsx';
import { WeekCharts } from './WeekCharts.tsx';
import { decidedIn, durationWords, outcomeSeries, paidSeries, ruleSeries, timeSeries } from './weekSeries.ts';

const text = t.claimsFigures;
const colours = {
  approved: 'var(--color-ok)',
  partlyApproved: 'var(--color-brand)',
  denied: 'var(--color-danger)',
  reversed: 'var(--color-thread-6)',
};

/** How the insurer's claims went, week by week. */
export function FiguresScreen({ figures, asked }: { figures: ClaimFigures; asked: FiguresAsked }) {
  const { weeks, paid, owed, p50Seconds, p95Seconds } = figures;
  const decided = weeks.reduce((sum, week) => sum + decidedIn(week), 0);
  const byRule = weeks.reduce((sum, week) => sum + week.byRule, 0);
  const currencies = [...new Set(paid.map(({ currency }) => currency))].sort();
  return (
    <div className="space-y-5">
      <nav aria-label={text.span} className="inline-flex rounded-lg border border-control bg-surface p-0.5">
        {figureWeeks.map((count) => (
          <Link
            key={count}
            href={`/insurer/figures?weeks=${count}`}
            aria-current={count === asked.weeks ? 'page' : undefined}
            className={classes(
              'inline-flex min-h-9 items-center rounded-md px-3.5 text-sm font-semibold',
              count === asked.weeks ? 'bg-brand-soft text-ink' : 'text-ink-2',
            )}
          >
            {text.spans[count]}
          </Link>
        ))}
      </nav>
      <ul className="grid grid-cols-1 gap-4 sm:grid-cols-2 xl:grid-cols-4">
        <Tile icon={CircleCheck} name={text.tiles.decided} value={formatNumber(decided)}>
          {text.tiles.weeks(formatNumber(weeks.length))}
        </Tile>
        <Tile
          icon={Workflow}
          name={text.tiles.byRule}
          value={decided === 0 ? '–' : text.percent(formatNumber((byRule / decided) * 100, 1))}
        >
          {decided === 0 ? text.tiles.nobody : text.tiles.byPerson(formatNumber(decided - byRule))}
        </Tile>
        <Tile icon={Clock} name={text.tiles.half} value={p50Seconds === null ? '–' : durationWords(p50Seconds)}>
          {p95Seconds === null ? text.tiles.nobody : text.tiles.most(durationWords(p95Seconds))}
        </Tile>
        <Tile
          icon={Wallet}
          name={text.tiles.owed}
          value={
            owed.length === 0 ? '–' : owed.map(({ amount, currency }) => formatMoney(amount, currency)).join(' · ')
          }
        >
          {owed.length === 0
            ? text.tiles.owedNone
            : text.tiles.owedOf(formatNumber(owed.reduce((sum, { claims }) => sum + claims, 0)))}
        </Tile>
      </ul>
      <WeekCharts
        title={text.outcomes.title}
        remark={text.outcomes.remark}
        series={outcomeSeries(figures)}
        nameOf={(name) => text.outcomes.names[name]}
        wordsOf={({ total }) => (total === 0 ? text.none : text.total(formatNumber(total)))}
        colourOf={(name) => colours[name]}
      />
      {currencies.length === 0 ? (
        <Panel labelledBy="paid">
          <PanelHead id="paid" title={text.paid.title} />
          <Empty icon={ChartColumn} title={text.paid.none}>
            {text.paid.noneBody}
          </Empty>
        </Panel>
      ) : (
        currencies.map((currency) => (
          <WeekCharts
            key={currency}
            title={text.paid.title}
            remark={text.paid.remark}
            series={paidSeries(figures, currency)}
            nameOf={(name) => t.claims.categories[name]}
            wordsOf={({ total }) => text.total(formatMoney(total, currency))}
            colourOf={() => 'var(--color-thread-1)'}
          />
        ))
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-2">
        <WeekCharts
          title={text.byRule.title}
          remark={text.byRule.remark}
          series={[ruleSeries(figures)]}
          nameOf={() => text.columns.byRule}
          wordsOf={() => (decided === 0 ? text.none : text.percent(formatNumber((byRule / decided) * 100, 1)))}
          colourOf={() => 'var(--color-thread-2)'}
          top={100}
        />
        <WeekCharts
          title={text.time.title}
          remark={text.time.remark}
          series={timeSeries(figures)}
          isOwnScale
          nameOf={(name) => (name === 'p50' ? text.time.p50 : text.time.p95)}
          wordsOf={({ name }) => timeWords(name === 'p50' ? p50Seconds : p95Seconds)}
          colourOf={() => 'var(--color-thread-3)'}
        />
      </div>
      <FiguresTable figures={figures} />
    </div>
  );
}

const timeWords = (seconds: number | null) => (seconds === null ? text.none : durationWords(seconds));

function Tile({
  icon: Icon,
  name,
  value,
  children,
}: {
  icon: typeof Clock;
  name: string;
  value: string;
  children: ReactNode;
}) {
  return (
    <li className="flex flex-col gap-1 rounded-lg border border-line bg-surface p-4 sm:p-5">
      <span className="flex items-center gap-1.5 text-sm text-ink-2">
        <Icon size={15} aria-hidden className="shrink-0" />
        {name}
      </span>
      <span className="text-2xl font-bold tracking-tight break-words tabular-nums">{value}</span>
      <span className="text-sm text-ink-3">{children}</span>
    </li>
  );
}
