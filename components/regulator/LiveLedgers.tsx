'use client';

import { Page } from '#components/shell/Page.tsx';
import { t } from '#messages/en.ts';
import { ChainCharts } from './ChainCharts.tsx';
import { ConnectionPill } from './ConnectionPill.tsx';
import { HealthTable } from './HealthTable.tsx';
import { useLive } from './useLive.ts';
import { useNow } from './useNow.ts';
import type { LiveView } from './view.ts';

/** Height, rate and delay of every chain, live. */
export function LiveLedgers({ initial }: { initial: LiveView }) {
  const { view, connection } = useLive(initial);
  const now = useNow(10_000);
  return (
    <Page title={t.regulator.health.title} remarks={<ConnectionPill connection={connection} />}>
      <div className="space-y-5">
        <HealthTable health={view.health} />
        <ChainCharts channels={view.health.map(({ channel }) => channel)} series={view.series} now={now} />
      </div>
    </Page>
  );
}
