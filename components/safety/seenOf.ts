import { type Chart, gapsOf } from '#components/records/gaps.ts';
import type { SeenChart } from '#safety/fromChart.ts';

/** What a check reads of an opened chart, and which parts of it the reader does not see. */
export function seenOf(chart: Chart): SeenChart {
  const gaps = gapsOf(chart);
  const withheld = new Set(chart.record.withheld);
  return {
    screen: chart.screen,
    hidden: gaps.hidden.map((category) => ({ category, why: withheld.has(category) ? 'notShared' : 'failed' })),
    incomplete: gaps.incomplete || gaps.unopened.length > 0,
  };
}
