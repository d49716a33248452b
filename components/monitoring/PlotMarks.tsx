import { t } from '#messages/en.ts';
import { type SeriesName, series } from '#monitoring/catalogue.ts';
import type { Limits } from '#monitoring/plan.ts';
import { levelLook } from './levels.ts';
import { apart, type Place } from './plotPaths.ts';
import type { Scale } from './plotScale.ts';
import type { Annotation } from './plotView.ts';
import type { RangeName } from './ranges.ts';
import { axisWords } from './timeWords.ts';
import { numberWords } from './words.ts';

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}
const limitNames = ['criticalHigh', 'high', 'low', 'criticalLow'] as const;

/** What lies behind the lines: axes, and where something happened. */
export function PlotMarks({
  scale,
  place: { x, y },
  ticks,
  range,
  box,
  lines,
  annotations,
}: {
  scale: Scale;
  place: Place;
  ticks: readonly number[];
  range: RangeName;
  box: Box;
  lines: readonly { name: SeriesName; limits?: Limits }[];
  annotations: readonly Annotation[];
}) {
  const name = lines[0]?.name ?? 'heartRate';
  const digits = Math.min(1, series[name].decimals);
  return (
    <g fontSize={12} fill="var(--color-ink-3)">
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line x1={box.left} x2={box.right} y1={y(tick)} y2={y(tick)} stroke="var(--color-line)" />
          <text x={box.left - 6} y={y(tick) + 4} textAnchor="end">
            {numberWords(name, tick, 1 - digits)}
          </text>
        </g>
      ))}
      {ticks.map((tick) => (
        <text key={tick} x={x(tick)} y={box.bottom + 18} textAnchor="middle">
          {axisWords(tick, range)}
        </text>
      ))}
      {annotations.map((each) => (
        <AnnotationMark key={`${each.kind}-${each.at}-${each.text}`} annotation={each} at={x(each.at)} box={box} />
      ))}
    </g>
  );
}

/** The plan's limits, by name and number: over the lines, at the older end, where they hide least. */
export function PlotLimits({
  place: { y },
  box,
  lines,
}: {
  place: Place;
  box: Box;
  lines: readonly { name: SeriesName; limits?: Limits }[];
}) {
  const limits = lines.flatMap(({ name, limits: given }) =>
    limitNames.flatMap((limit) => {
      const value = given?.[limit];
      return value === undefined ? [] : [{ key: `${name}-${limit}`, name, limit, value }];
    }),
  );
  const labels = apart(
    limits.map(({ value }) => y(value) - 4),
    12,
  );
  return (
    <g fontSize={12}>
      {limits.map(({ key, limit, value, name: of }, index) => {
        const color = limit.startsWith('critical') ? 'var(--color-danger)' : 'var(--color-warn)';
        return (
          <g key={key}>
            <line x1={box.left} x2={box.right} y1={y(value)} y2={y(value)} stroke={color} strokeDasharray="5 4" />
            <text
              x={box.left + 4}
              y={labels[index]}
              fill={color}
              stroke="var(--color-surface)"
              strokeWidth={3}
              paintOrder="stroke"
            >
              {lines.length > 1 && `${t.monitoring.short[of]} `}
              {t.monitoring.plot.limit[limit]} {numberWords(of, value)}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** A triangle for an alert, a circle for a note, a square for a change of the plan. */
const shapes = {
  alert: 'M-5 0h10L0 8Z',
  note: 'M-4 4a4 4 0 1 1 8 0a4 4 0 1 1 -8 0',
  plan: 'M-4 0h8v8h-8Z',
} as const;
const levelColors = { danger: 'var(--color-danger)', warn: 'var(--color-warn)', info: 'var(--color-info)' } as const;

export function annotationColor({ kind, level }: Pick<Annotation, 'kind' | 'level'>): string {
  if (kind !== 'alert') return 'var(--color-ink-2)';
  const { tone } = levelLook[level ?? 'notice'];
  return tone === 'danger' || tone === 'warn' ? levelColors[tone] : levelColors.info;
}

function AnnotationMark({ annotation, at, box }: { annotation: Annotation; at: number; box: Box }) {
  const color = annotationColor(annotation);
  return (
    <g>
      <line x1={at} x2={at} y1={box.top} y2={box.bottom} stroke={color} strokeWidth={1} strokeDasharray="2 3" />
      <path d={shapes[annotation.kind]} transform={`translate(${at} ${box.top - 12})`} fill={color} />
    </g>
  );
}

/** The same shape beside words. */
export const AnnotationShape = (annotation: Pick<Annotation, 'kind' | 'level'>) => (
  <svg width="12" height="10" viewBox="-6 -1 12 10" aria-hidden className="shrink-0">
    <path d={shapes[annotation.kind]} fill={annotationColor(annotation)} />
  </svg>
);
