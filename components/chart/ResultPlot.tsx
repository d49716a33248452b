'use client';

import { useDeferredValue } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceArea, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatNumber } from '#components/ui/format.ts';
import { momentOf } from '#fhir/chart/entry.ts';
import type { Point, Series } from '#fhir/chart/series.ts';
import { rangeWords, timeWords, unitWords, valueWords } from '#fhir/chart/words.ts';
import { t } from '#messages/en.ts';

const text = t.chart.plot;
const yearOf = new Intl.DateTimeFormat('en-GB', { month: 'short', year: '2-digit', timeZone: 'UTC' });

interface Drawn extends Point {
  time: number;
}

/** Values of one code over time with their reference range; the same values stand in a table for who cannot see it. */
export function ResultPlot({ series }: { series: Series }) {
  const points: Drawn[] = series.points.map((point) => ({
    ...point,
    time: Date.parse(momentOf({ a: point.at, w: point.at })),
  }));
  const unit = unitWords(series.unit);
  const words = ({ value, comparator }: Point) => valueWords({ n: value, c: comparator, u: series.unit });
  const newest = points.at(-1);
  const range = rangeWords({ lo: series.low, hi: series.high });
  // Lines take longer to draw than everything else of a chart: the words stand first.
  const isDrawn = useDeferredValue(true, false);
  if (newest === undefined) return null;
  return (
    <figure>
      {points.length < 2 ? (
        <p className="text-sm text-ink-2">{text.few}</p>
      ) : (
        <div role="img" aria-label={text.label(series.name, points.length, words(newest))} className="h-64">
          {isDrawn && (
            <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 256 }}>
              <LineChart data={points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
                <CartesianGrid stroke="var(--color-line)" vertical={false} />
                <XAxis
                  dataKey="time"
                  type="number"
                  scale="time"
                  domain={['dataMin', 'dataMax']}
                  tickFormatter={(time: number) => yearOf.format(time)}
                  stroke="var(--color-ink-3)"
                  fontSize={13}
                  tickLine={false}
                  minTickGap={36}
                />
                <YAxis
                  domain={['auto', 'auto']}
                  tickFormatter={(value: number) => formatNumber(value, 2)}
                  stroke="var(--color-ink-3)"
                  fontSize={13}
                  tickLine={false}
                  axisLine={false}
                  width={52}
                />
                {(series.low !== undefined || series.high !== undefined) && (
                  <ReferenceArea
                    {...(series.low !== undefined && { y1: series.low })}
                    {...(series.high !== undefined && { y2: series.high })}
                    fill="var(--color-ok)"
                    fillOpacity={0.1}
                    ifOverflow="extendDomain"
                  />
                )}
                <Tooltip
                  content={({ active, payload }) => (
                    <Balloon
                      point={active ? points.find((point) => point === payload[0]?.payload) : undefined}
                      words={words}
                    />
                  )}
                />
                <Line
                  dataKey="value"
                  type="linear"
                  stroke="var(--color-brand)"
                  strokeWidth={2}
                  dot={{ r: 3.5, fill: 'var(--color-surface)', strokeWidth: 2 }}
                  isAnimationActive={false}
                />
              </LineChart>
            </ResponsiveContainer>
          )}
        </div>
      )}
      <figcaption className="mt-2 space-y-1 text-sm text-ink-2">
        <p>
          {series.name}
          {unit && `, ${unit}`}
          {range !== '' && ` · ${text.band} ${range}`}
        </p>
        {series.leftOut > 0 && <p>{text.leftOut(series.leftOut)}</p>}
        <details>
          <summary className="cursor-pointer">{text.asTable}</summary>
          <table className="mt-1">
            <tbody>
              {points.toReversed().map((point) => (
                <tr key={`${point.document}/${point.resource}/${point.at}`}>
                  <td className="py-0.5 pr-6">
                    <time dateTime={point.at}>{timeWords(point.at)}</time>
                  </td>
                  <td className="py-0.5 text-ink">{words(point)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </figcaption>
    </figure>
  );
}

function Balloon({ point, words }: { point: Drawn | undefined; words: (point: Point) => string }) {
  if (point === undefined) return null;
  return (
    <div className="rounded-md border border-line bg-surface px-3 py-2 text-sm">
      <p className="font-bold">{words(point)}</p>
      <p className="text-ink-2">{timeWords(point.at)}</p>
    </div>
  );
}
