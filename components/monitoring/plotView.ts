import type { AlertLevel } from '#chaincode/model/alert.ts';
import type { SeriesName } from '#monitoring/catalogue.ts';
import type { Span } from '#monitoring/downsample.ts';
import type { Limits } from '#monitoring/plan.ts';

/** One series of a plot: at most two, which share their unit. Spans are merged and in the order of time. */
export interface PlotLine {
  name: SeriesName;
  spans: readonly Span[];
  limits?: Limits;
}
/** Something that happened, drawn where it happened. Times are milliseconds since 1970. */
export interface Annotation {
  at: number;
  kind: 'alert' | 'note' | 'plan';
  level?: AlertLevel;
  text: string;
}
