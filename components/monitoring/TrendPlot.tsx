'use client';

import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from 'react';
import { t } from '#messages/en.ts';
import type { SeriesName } from '#monitoring/catalogue.ts';
import { envelope, gapsOf, type Span } from '#monitoring/downsample.ts';
import { AnnotationList } from './AnnotationList.tsx';
import { PlotLimits, PlotMarks } from './PlotMarks.tsx';
import { PlotTable } from './PlotTable.tsx';
import { bandPath, meanPath } from './plotPaths.ts';
import { nearest, scaleOf, timeTicks } from './plotScale.ts';
import type { Annotation, PlotLine } from './plotView.ts';
import { gapOf, type RangeName, ranges } from './ranges.ts';
import { timeWords } from './timeWords.ts';
import { useWidth } from './useWidth.ts';
import { numberWords, valueWords } from './words.ts';

const text = t.monitoring.plot;

const margin = { top: 14, right: 12, bottom: 26, left: 46 } as const;
/** Pixels: narrower ones only flicker. */
const columnWidth = 2;
const strokes = ['var(--color-brand)', 'var(--color-thread-2)'] as const;

/**
 * Values over time: the smallest to the greatest as a band, the mean as a line, the plan's limits, gaps as gaps. Arrow keys or a
 * pointer read out one place; the same numbers stand in a table.
 */
export function TrendPlot({
  title,
  lines,
  range,
  to,
  annotations = [],
  height = 240,
}: {
  title: string;
  lines: readonly PlotLine[];
  range: RangeName;
  /** The plot's right end, in milliseconds. */
  to: number;
  annotations?: readonly Annotation[];
  height?: number;
}) {
  const [frame, width] = useWidth<HTMLDivElement>(640);
  const pattern = useId();
  const [cursor, setCursor] = useState<number>();
  const from = to - ranges[range].ms;
  const inner = {
    width: Math.max(40, width - margin.left - margin.right),
    height: height - margin.top - margin.bottom,
  };
  const drawn = useMemo(() => {
    const columns = Math.ceil(inner.width / columnWidth);
    const windowOf = (name: SeriesName) => ({ from, to, columns, gapMs: gapOf(range, name) });
    const withRuns = lines.map((line) => ({ ...line, runs: envelope(line.spans, windowOf(line.name)) }));
    const scale = scaleOf(withRuns);
    const x = (at: number) => margin.left + ((at - from) / (to - from)) * inner.width;
    const y = (value: number) =>
      margin.top + inner.height - ((value - scale.low) / (scale.high - scale.low)) * inner.height;
    const paths = withRuns.map(({ name, runs }) => ({
      ...{ name, mean: meanPath(runs, { x, y }), band: bandPath(runs, { x, y }) },
    }));
    const [first] = withRuns;
    const gaps = first === undefined ? [] : gapsOf(first.runs, windowOf(first.name));
    return { withRuns, scale, place: { x, y }, paths, gaps, columns: first?.runs.flat() ?? [] };
  }, [lines, from, to, range, inner.width, inner.height]);
  const { columns, place, scale, gaps } = drawn;
  const { left, top } = margin;
  const box = { left, right: left + inner.width, bottom: top + inner.height, top };
  const newest = columns.at(-1);
  if (newest === undefined) return <EmptyPlot title={title} />;

  const chosen = cursor === undefined ? undefined : columns[Math.min(cursor, columns.length - 1)];
  const readout = (span: Span) =>
    drawn.withRuns
      .flatMap(({ name, runs }, index) => {
        const there = index === 0 ? span : runs.flat()[nearest(runs.flat(), span.from)];
        return there === undefined ? [] : [`${t.monitoring.series[name]} ${spanWords(name, there)}`];
      })
      .join(' · ');
  const move = (by: number) => setCursor(Math.max(0, Math.min((cursor ?? columns.length) + by, columns.length - 1)));
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ...{ ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20, Home: -columns.length, End: columns.length },
    };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(by);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setCursor(nearest(columns, from + ((left - margin.left) / inner.width) * (to - from)));
  };
  const at = chosen === undefined ? undefined : (chosen.from + chosen.to) / 2;
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 flex min-h-11 flex-wrap items-baseline justify-between gap-x-4 text-sm sm:min-h-6">
        <span className="flex flex-wrap gap-x-3 font-semibold">
          {lines.length > 1 ? lines.map(({ name }, index) => <Legend key={name} name={name} index={index} />) : title}
        </span>
        <span className="text-ink-2">
          {timeWords(chosen?.to ?? newest.to, range)} · <span className="text-ink">{readout(chosen ?? newest)}</span>
        </span>
      </figcaption>
      <div
        ref={frame}
        role="slider"
        tabIndex={0}
        aria-label={text.label(title, text.ranges[range], summaryOf(drawn.withRuns, gaps.length))}
        aria-description={text.hint}
        aria-valuemin={0}
        aria-valuemax={columns.length - 1}
        aria-valuenow={cursor ?? columns.length - 1}
        aria-valuetext={`${timeWords((chosen ?? newest).to, range)}: ${readout(chosen ?? newest)}`}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setCursor(undefined)}
        className="touch-pan-y rounded-md"
      >
        <svg width={width} height={height} aria-hidden className="block max-w-full">
          <defs>
            <pattern id={pattern} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <line x1="0" y1="0" x2="0" y2="7" stroke="var(--color-line)" strokeWidth="3" />
            </pattern>
          </defs>
          {gaps.map((gap) => (
            <rect
              key={gap.from}
              x={place.x(gap.from)}
              width={place.x(gap.to) - place.x(gap.from)}
              y={margin.top}
              height={inner.height}
              fill={`url(#${pattern})`}
            />
          ))}
          <PlotMarks
            scale={scale}
            place={place}
            ticks={timeTicks(from, to, inner.width / 72)}
            range={range}
            box={box}
            lines={lines}
            annotations={annotations.filter((each) => each.at >= from && each.at <= to)}
          />
          {drawn.paths.map(({ name, band, mean }, index) => (
            <g key={name} stroke={strokes[index]} strokeLinejoin="round" strokeLinecap="round">
              <path d={band} fill={strokes[index]} fillOpacity={0.2} strokeWidth={1.2} strokeOpacity={0.45} />
              <path d={mean} fill="none" strokeWidth={2} />
            </g>
          ))}
          <PlotLimits place={place} box={box} lines={lines} />
          {at !== undefined && (
            <line
              x1={place.x(at)}
              x2={place.x(at)}
              y1={margin.top}
              y2={margin.top + inner.height}
              stroke="var(--color-ink)"
              strokeWidth={1}
            />
          )}
        </svg>
      </div>
      <AnnotationList annotations={annotations.filter((each) => each.at >= from && each.at <= to)} range={range} />
      <PlotTable lines={lines} range={range} to={to} />
    </figure>
  );
}

const EmptyPlot = ({ title }: { title: string }) => (
  <figure>
    <figcaption className="mb-1 text-sm font-semibold">{title}</figcaption>
    <p className="rounded-md bg-sunken px-3 py-6 text-center text-sm text-ink-2">{text.none}</p>
  </figure>
);

const Legend = ({ name, index }: { name: SeriesName; index: number }) => (
  <span className="flex items-center gap-1.5">
    <span aria-hidden className="h-[3px] w-4 rounded-full" style={{ background: strokes[index] }} />
    {t.monitoring.series[name]}
  </span>
);

/** `72/min`, or `64 to 81/min, mean 72` where there is more than one value. */
function spanWords(name: SeriesName, { min, max, mean, count }: Span): string {
  if (count === 1 || min === max) return valueWords(name, mean);
  const band = text.band(numberWords(name, min), valueWords(name, max));
  return `${band}, ${text.mean(numberWords(name, mean))}`;
}

function summaryOf(lines: readonly { name: SeriesName; runs: readonly (readonly Span[])[] }[], gaps: number): string {
  return lines
    .flatMap(({ name, runs }) => {
      const all = runs.flat();
      const last = all.at(-1);
      if (last === undefined) return [];
      const low = all.reduce((least, { min }) => Math.min(least, min), last.min);
      const high = all.reduce((most, { max }) => Math.max(most, max), last.max);
      return [text.summary(numberWords(name, low), valueWords(name, high), valueWords(name, last.mean), gaps)];
    })
    .join('; ');
}
