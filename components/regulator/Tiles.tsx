'use client';

import { formatNumber } from '#components/ui/format.ts';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { Overview } from '#server/regulator/schema.ts';
import { totalOf } from './view.ts';

const text = t.regulator.tiles;
const shown = ['issue', 'accept', 'dispense', 'cancel'] as const;

/** The four figures, counted from committed transactions of every care chain. */
export function Tiles({ counts }: { counts: Overview['counts'] }) {
  return (
    <ul className="grid grid-cols-2 gap-4 lg:grid-cols-4">
      {shown.map((name) => (
        <li key={name}>
          <Panel as="div">
            <p className="text-sm text-ink-2">{text[name]}</p>
            <p className="text-2xl font-bold tracking-tight">{formatNumber(totalOf(counts, name))}</p>
            <p className="text-sm text-ink-3">{text.all}</p>
          </Panel>
        </li>
      ))}
    </ul>
  );
}
