'use client';

import { Area, AreaChart, ResponsiveContainer, YAxis } from 'recharts';

/** A small area chart without axes; its words stand beside it. */
export function Spark({
  points,
  color,
  label,
  height = 44,
  top,
}: {
  points: { at: number; count: number }[];
  color: string;
  label: string;
  height?: number;
  /** The same top for charts that are to be compared. */
  top?: number;
}) {
  return (
    <div role="img" aria-label={label} style={{ height }}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 160, height }}>
        <AreaChart data={points} margin={{ top: 2, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <YAxis hide domain={[0, top && top > 0 ? top : 'dataMax + 1']} />
          <Area
            type="monotone"
            dataKey="count"
            stroke={color}
            strokeWidth={1.6}
            fill={color}
            fillOpacity={0.18}
            isAnimationActive={false}
            dot={false}
          />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
}
