'use client';

import { CircleX, PackageSearch } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { PackStoryPanels } from '#components/trace/PackStoryPanels.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { packStory } from '#server/trace/actions.ts';
import type { PackStory } from '#server/trace/schema.ts';
import type { Named } from './readThing.ts';
import { ScanPanel } from './ScanPanel.tsx';
import { Workbench } from './Workbench.tsx';

const text = t.supply.trace;

/** A pack's way from its maker on, oldest first: for its maker, and for who has or had it. */
export function StoryScreen({ asked }: { asked?: { gtin: string; serial: string } }) {
  const [story, setStory] = useState<PackStory | null>(null);
  const [isCase, setIsCase] = useState(false);
  const { busy, problem, attempt } = useAttempt('OFFLINE');
  const ask = useCallback(
    (pack: { gtin: string; serial: string }) => {
      setStory(null);
      void attempt(async () => setStory(expectData(await packStory(pack))));
    },
    [attempt],
  );
  const take = useCallback(
    ([named]: Named[]): number => {
      setIsCase(named?.item.kind === 'container');
      if (named?.item.kind !== 'pack') return 0;
      ask({ gtin: named.item.gtin, serial: named.item.serial });
      return 1;
    },
    [ask],
  );
  const { gtin, serial } = asked ?? {};
  useEffect(() => {
    if (gtin !== undefined && serial !== undefined) ask({ gtin, serial });
  }, [ask, gtin, serial]);

  const isNone = problem?.code === 'NOT_FOUND';
  return (
    <Workbench scanner={<ScanPanel onNamed={take} many={false} hint={text.intro} />} answered={story !== null}>
      {problem && !isNone && <ProblemNotice problem={problem} />}
      {story === null ? (
        <Panel>
          <Empty icon={isNone ? CircleX : PackageSearch} title={isNone ? text.none : text.title}>
            {busy ? t.supply.scan.asking : isCase ? t.supply.verify.case : isNone ? text.noneBody : text.waiting}
          </Empty>
        </Panel>
      ) : (
        <PackStoryPanels story={story} />
      )}
    </Workbench>
  );
}
