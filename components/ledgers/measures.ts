import { type ChannelSeries, type Span, spans } from '#server/ledgers/schema.ts';

type Point = ChannelSeries['points'][number];
export type MeasureName = 'transactions' | 'delay' | 'answer';

/** One step of a chart; null where nothing was measured. */
export interface Bar {
  at: number;
  value: number | null;
  /** A peer that was asked in this step did not answer. */
  unanswered: boolean;
}

const readingOf: Record<MeasureName, (point: Point | undefined) => number | null> = {
  transactions: (point) => point?.transactions ?? 0,
  delay: (point) => point?.delayMs ?? null,
  answer: (point) => point?.answerMs ?? null,
};

const minuteMs = 60_000;

/** The steps of a span up to `now`, oldest first, with what a chain's points say of each. */
export function barsOf(points: readonly Point[], measure: MeasureName, span: Span, now: number): Bar[] {
  const { minutes, step } = spans[span];
  const stepMs = step * minuteMs;
  const byStep = new Map(points.map((point) => [Math.floor(Date.parse(point.at) / stepMs), point]));
  const last = Math.floor(now / stepMs);
  return Array.from({ length: minutes / step }, (_, index) => {
    const number = last - minutes / step + 1 + index;
    const point = byStep.get(number);
    return {
      at: number * stepMs,
      value: readingOf[measure](point),
      unanswered: measure === 'answer' && (point?.unanswered ?? 0) > 0,
    };
  });
}

/** A chart in one number: the sum of transactions, or the mean of what was measured; null where nothing was. */
export function summaryOf(bars: readonly Bar[], measure: MeasureName): number | null {
  const values = bars.flatMap(({ value }) => value ?? []);
  const total = values.reduce((sum, value) => sum + value, 0);
  if (measure === 'transactions') return total === 0 ? null : total;
  return values.length === 0 ? null : Math.round(total / values.length);
}
