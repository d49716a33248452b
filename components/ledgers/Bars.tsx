'use client';

import { Bar, BarChart, Cell, ResponsiveContainer, YAxis } from 'recharts';
import type { Bar as Step } from './measures.ts';

const height = 52;

/** A small bar chart without axes; its words stand beside it. A step without an answer is drawn to the top. */
export function Bars({ bars, top, color, label }: { bars: Step[]; top: number; color: string; label: string }) {
  const data = bars.map(({ at, value, unanswered }) => ({ at, value: unanswered ? top : value, unanswered }));
  return (
    <div role="img" aria-label={label} style={{ height }} className="border-b border-line">
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 200, height }}>
        <BarChart
          data={data}
          margin={{ top: 2, right: 0, bottom: 0, left: 0 }}
          barCategoryGap={1}
          accessibilityLayer={false}
        >
          <YAxis hide domain={[0, top]} />
          <Bar dataKey="value" isAnimationActive={false}>
            {data.map(({ at, unanswered }) => (
              <Cell key={at} fill={unanswered ? 'var(--color-danger)' : color} />
            ))}
          </Bar>
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
