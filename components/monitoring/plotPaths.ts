import type { Span } from '#monitoring/downsample.ts';

/** Where a time and a value lie, in pixels. */
export interface Place {
  x: (at: number) => number;
  y: (value: number) => number;
}

const pixel = (value: number) => Math.round(value * 10) / 10;
const middle = ({ from, to }: Span) => (from + to) / 2;

/** The means of each run as one line; a run of one stretch is a dot (draw it with round ends). */
export const meanPath = (runs: readonly (readonly Span[])[], { x, y }: Place): string =>
  runs
    .map((run) => {
      const points = run.map((span) => `${pixel(x(middle(span)))} ${pixel(y(span.mean))}`);
      return points.length === 1 ? `M${points[0]}h0` : `M${points.join('L')}`;
    })
    .join('');

/** From the greatest to the smallest values of each run, closed; a run of one stretch is a line from one to the other. */
export const bandPath = (runs: readonly (readonly Span[])[], { x, y }: Place): string =>
  runs
    .map((run) => {
      const upper = run.map((span) => `${pixel(x(middle(span)))} ${pixel(y(span.max))}`);
      const lower = run.map((span) => `${pixel(x(middle(span)))} ${pixel(y(span.min))}`).reverse();
      return `M${[...upper, ...lower].join('L')}Z`;
    })
    .join('');

/** Pixels of labels, moved down where they would lie on each other; `least` apart. In the order of the given ones. */
export function apart(wanted: readonly number[], least: number): number[] {
  const order = wanted.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at);
  const placed = new Array<number>(wanted.length);
  let last = Number.NEGATIVE_INFINITY;
  for (const { at, index } of order) {
    last = Math.max(at, last + least);
    placed[index] = last;
  }
  return placed;
}
