import { t } from '#messages/en.ts';
import type { SeriesName } from '#monitoring/catalogue.ts';
import { envelope, type Span } from '#monitoring/downsample.ts';
import type { Limits } from '#monitoring/plan.ts';
import { bandPath, meanPath } from './plotPaths.ts';
import { scaleOf } from './plotScale.ts';
import { valueWords } from './words.ts';

const size = { width: 240, height: 40, inset: 3 } as const;

/** The last hours of a series, with its limits as hairlines: for a glance, beside the number. */
export function Sparkline({
  name,
  spans,
  limits,
  from,
  to,
  gapMs,
}: {
  name: SeriesName;
  spans: readonly Span[];
  limits?: Limits;
  from: number;
  to: number;
  gapMs: number;
}) {
  const runs = envelope(spans, { from, to, columns: size.width, gapMs });
  const last = runs.at(-1)?.at(-1);
  if (last === undefined) return null;
  const { low, high } = scaleOf([{ name, runs, limits }]);
  const x = (at: number) => size.inset + ((at - from) / (to - from)) * (size.width - 2 * size.inset);
  const y = (value: number) =>
    size.height - size.inset - ((value - low) / (high - low)) * (size.height - 2 * size.inset);
  const { criticalLow, low: lower, high: upper, criticalHigh } = limits ?? {};
  return (
    <svg
      viewBox={`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t.monitoring.plot.spark(t.monitoring.series[name], valueWords(name, last.mean))}
      className="block h-10 w-full"
    >
      {[lower ?? criticalLow, upper ?? criticalHigh].map(
        (limit) =>
          limit !== undefined && (
            <line
              key={limit}
              x1={0}
              x2={size.width}
              y1={y(limit)}
              y2={y(limit)}
              stroke="var(--color-warn)"
              strokeDasharray="3 3"
              vectorEffect="non-scaling-stroke"
            />
          ),
      )}
      <path d={bandPath(runs, { x, y })} fill="var(--color-brand)" fillOpacity={0.25} />
      <path
        d={meanPath(runs, { x, y })}
        fill="none"
        stroke="var(--color-brand)"
        strokeWidth={1.75}
        strokeLinecap="round"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
