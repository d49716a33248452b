'use client';

import { PackageSearch } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useState } from 'react';
import { Page } from '#components/shell/Page.tsx';
import type { Named } from '#components/supply/readThing.ts';
import { ScanPanel } from '#components/supply/ScanPanel.tsx';
import { Workbench } from '#components/supply/Workbench.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { PackStory } from '#server/trace/schema.ts';
import type { MapView } from './mapOf.ts';
import { PackStoryPanels } from './PackStoryPanels.tsx';

const text = t.trace.story;

/** A pack's whole story: what it is now, its way on a map, and each event, to be checked against the chain. */
export function PackStoryScreen({
  asked,
  story,
  map,
}: {
  asked: { gtin: string; serial: string } | null;
  /** Null where nothing was asked for, or nothing is recorded about it. */
  story: PackStory | null;
  map: MapView | undefined;
}) {
  const router = useRouter();
  const [isCase, setIsCase] = useState(false);
  const take = useCallback(
    ([named]: Named[]): number => {
      setIsCase(named?.item.kind === 'container');
      if (named?.item.kind !== 'pack') return 0;
      const { gtin, serial } = named.item;
      router.push(`/regulator/trace?${new URLSearchParams({ gtin, serial })}`);
      return 1;
    },
    [router],
  );
  return (
    <Page title={text.title}>
      <Workbench scanner={<ScanPanel onNamed={take} many={false} hint={text.intro} />} answered={story !== null}>
        {story === null ? (
          <Panel>
            <Empty icon={PackageSearch} title={asked === null ? text.title : text.none}>
              {isCase ? t.supply.verify.case : asked === null ? t.supply.trace.waiting : text.noneBody}
            </Empty>
          </Panel>
        ) : (
          <PackStoryPanels key={`${story.gtin}/${story.serial}`} story={story} map={map} mayVerify />
        )}
      </Workbench>
    </Page>
  );
}
