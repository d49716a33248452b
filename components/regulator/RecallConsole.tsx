'use client';

import { CircleStop, OctagonAlert, Siren } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { Page } from '#components/shell/Page.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { namesOf } from '#components/supply/names.ts';
import { RecallDialog } from '#components/supply/RecallDialog.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { SupplyBasics } from '#server/supply/schema.ts';
import type { RecallCoverage, RecallView } from '#server/trace/schema.ts';
import { ConnectionPill } from './ConnectionPill.tsx';
import { CoveragePanel } from './CoveragePanel.tsx';
import { scopeWords } from './RecallLines.tsx';
import { useRefresh } from './useRefresh.ts';

const text = t.trace.recalls;

/** Every recall, one of them place by place as it is answered, and the way to start one. */
export function RecallConsole({
  basics,
  recalls,
  chosen,
}: {
  basics: SupplyBasics;
  recalls: RecallView[];
  chosen: RecallCoverage | null;
}) {
  const router = useRouter();
  const connection = useRefresh();
  const signed = useSigned();
  const { busy, problem, attempt } = useAttempt();
  const [starting, setStarting] = useState(false);
  const names = useMemo(() => namesOf(basics), [basics]);

  const end = async ({ id, gtin, channel }: RecallView) => {
    const done = await attempt(() => signed({ kind: 'endRecall', channel, gtin, recall: id }, { names }));
    if (!done) return;
    toast.success(text.endDone);
    router.refresh();
  };

  return (
    <Page title={text.console} remarks={<ConnectionPill connection={connection} />}>
      <div className="space-y-5">
        <UnlockNotice />
        <Button look="danger" icon={Siren} disabled={basics.products.length === 0} onClick={() => setStarting(true)}>
          {text.start}
        </Button>
        {problem && <ProblemNotice problem={problem} />}
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1fr)_minmax(0,1.8fr)]">
          <Panel labelledBy="all-recalls">
            <PanelHead id="all-recalls" title={text.title} icon={OctagonAlert} />
            {recalls.length === 0 ? (
              <Empty icon={OctagonAlert} title={text.none}>
                {text.noneBody}
              </Empty>
            ) : (
              <ul className="divide-y divide-line">
                {recalls.map((recall) => (
                  <li key={recall.id}>
                    <Link
                      href={`/regulator/recalls?recall=${recall.id}`}
                      scroll={false}
                      aria-current={recall.id === chosen?.recall.id || undefined}
                      className="-mx-2 block rounded-md px-2 py-2.5 hover:bg-sunken aria-current:bg-brand-soft"
                    >
                      <span className="flex flex-wrap items-center justify-between gap-2">
                        <span className="font-bold">{recall.product}</span>
                        <Pill
                          tone={recall.endedAt === null ? 'danger' : 'neutral'}
                          icon={recall.endedAt ? CircleStop : Siren}
                        >
                          {recall.endedAt === null ? text.active : text.over}
                        </Pill>
                      </span>
                      <span className="block text-sm">{scopeWords(recall)}</span>
                      <span className="block text-sm break-words text-ink-2">“{recall.reason}”</span>
                      <span className="block text-sm text-ink-3">
                        {text.by(recall.by.name)}, <Time value={recall.startedAt} />
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          {chosen && (
            <CoveragePanel
              coverage={chosen}
              actions={
                chosen.recall.endedAt === null && (
                  <Button size="sm" icon={CircleStop} busy={busy} onClick={() => void end(chosen.recall)}>
                    {text.end}
                  </Button>
                )
              }
            />
          )}
        </div>
      </div>
      {starting && <RecallDialog basics={basics} products={basics.products} onClose={() => setStarting(false)} />}
    </Page>
  );
}
