'use client';

import { EyeOff } from 'lucide-react';
import { HealthTable } from '#components/ledgers/HealthTable.tsx';
import { Page } from '#components/shell/Page.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import { ChainCharts } from './ChainCharts.tsx';
import { ConnectionPill } from './ConnectionPill.tsx';
import { CountTable } from './CountTable.tsx';
import { EventList } from './EventList.tsx';
import { Tiles } from './Tiles.tsx';
import { useLive } from './useLive.ts';

import type { LiveView } from './view.ts';

const text = t.regulator;

/** What happens on every chain, as it happens. */
export function LiveOverview({ initial }: { initial: LiveView }) {
  const { view, connection } = useLive(initial);
  const now = useNow(10_000);
  const channels = [...new Set([...view.health, ...view.series].map(({ channel }) => channel))].sort();
  return (
    <Page title={text.title} remarks={<ConnectionPill connection={connection} />}>
      <div className="space-y-5">
        {connection === 'lost' && (
          <Notice tone="warn" title={text.lost} live="status">
            <p>{text.lostBody}</p>
          </Notice>
        )}
        <Tiles counts={view.counts} />
        <ChainCharts channels={channels} series={view.series} now={now} />
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
          <CountTable counts={view.counts} />
          <EventList events={view.events} />
        </div>
        <HealthTable health={view.health} />
        <p className="flex items-center gap-2 text-sm text-ink-2">
          <EyeOff size={16} aria-hidden className="shrink-0" />
          {text.noClinical}
        </p>
      </div>
    </Page>
  );
}
