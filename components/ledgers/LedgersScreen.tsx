'use client';

import { RefreshCw } from 'lucide-react';
import { Page } from '#components/shell/Page.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import type { LedgerFigures } from '#server/ledgers/schema.ts';
import { HealthTable } from './HealthTable.tsx';
import { Multiples } from './Multiples.tsx';
import { SpanChoice } from './SpanChoice.tsx';
import { useLedgers } from './useLedgers.ts';

const text = t.ledgers;
const measures = ['transactions', 'delay', 'answer'] as const;

/** How every chain does now and did over time. `at`: when `initial` was read, in milliseconds. */
export function LedgersScreen({ initial, at }: { initial: LedgerFigures; at: number }) {
  const [view, chooseSpan] = useLedgers(initial, at);
  return (
    <Page title={text.title} remarks={<Pill icon={RefreshCw}>{text.everyFive}</Pill>}>
      <div className="space-y-5">
        {view.old && (
          <Notice tone="warn" title={text.old} live="status">
            <p>{text.oldBody}</p>
          </Notice>
        )}
        <HealthTable health={view.figures.health} />
        <SpanChoice chosen={view.span} onChoose={chooseSpan} />
        {measures.map((measure) => (
          <Multiples key={measure} measure={measure} series={view.figures.series} span={view.span} now={view.at} />
        ))}
      </div>
    </Page>
  );
}
