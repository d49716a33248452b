import { ArrowDown, ArrowUp, TriangleAlert } from 'lucide-react';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import type { Flag } from './flag.ts';

const icons = { high: ArrowUp, low: ArrowDown, abnormal: TriangleAlert, critical: TriangleAlert } as const;

/** How a value lies to its reference range. */
export function FlagPill({ flag }: { flag: Flag }) {
  return (
    <Pill tone={flag === 'critical' ? 'danger' : 'warn'} icon={icons[flag]}>
      {t.chart.flags[flag]}
    </Pill>
  );
}
