'use client';

import { CircleCheck, CircleStop, PackageX, Siren, Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { recallScope } from '#components/signing/traceWords.ts';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { RecallView, SupplyBasics } from '#server/supply/schema.ts';
import { namesOf } from './names.ts';
import { RecallDialog } from './RecallDialog.tsx';
import { packWords } from './words.ts';

const text = t.supply.recall;

/** Recalls to answer, recalls of the institution's own products, and the way to start one. */
export function RecallScreen({
  basics,
  recalls,
  base,
}: {
  basics: SupplyBasics;
  recalls: RecallView[];
  /** Address of the institution's rooms. */
  base: string;
}) {
  const router = useRouter();
  const signed = useSigned();
  const { busy, problem, attempt } = useAttempt();
  const [starting, setStarting] = useState(false);
  const mine = basics.products.filter(({ maker }) => maker === basics.institutionId);
  const toAnswer = recalls.filter(({ here, endedAt }) => endedAt === undefined && here.length > 0);
  const others = recalls.filter((recall) => !toAnswer.includes(recall));

  const end = async ({ id, gtin, channel }: RecallView) => {
    const names = namesOf(basics);
    const done = await attempt(() => signed({ kind: 'endRecall', channel, gtin, recall: id }, { names }));
    if (!done) return;
    toast.success(text.endDone);
    router.refresh();
  };

  return (
    <div className="space-y-5">
      <UnlockNotice />
      {mine.length > 0 && (
        <Button look="danger" icon={Siren} onClick={() => setStarting(true)}>
          {text.start}
        </Button>
      )}
      {problem && <ProblemNotice problem={problem} />}
      {recalls.length === 0 ? (
        <Panel>
          <Empty icon={CircleCheck} title={text.empty}>
            {text.emptyBody}
          </Empty>
        </Panel>
      ) : (
        <>
          {toAnswer.length > 0 && (
            <Panel labelledBy="to-answer">
              <PanelHead id="to-answer" title={text.toAnswer} icon={Siren} remark={text.toAnswerRemark} />
              <p className="text-sm text-ink-2">{text.answer}</p>
              <RecallList recalls={toAnswer} busy={busy} onEnd={end}>
                <LinkButton size="sm" icon={PackageX} href={`${base}/stock/change`}>
                  {text.hold}
                </LinkButton>
                <LinkButton size="sm" icon={Undo2} href={`${base}/returns`}>
                  {text.return}
                </LinkButton>
              </RecallList>
            </Panel>
          )}
          {others.length > 0 && (
            <Panel labelledBy="other-recalls">
              <PanelHead id="other-recalls" title={text.others} />
              <RecallList recalls={others} busy={busy} onEnd={end} />
            </Panel>
          )}
        </>
      )}
      {starting && <RecallDialog basics={basics} products={mine} onClose={() => setStarting(false)} />}
    </div>
  );
}

function RecallList({
  recalls,
  busy,
  onEnd,
  children,
}: {
  recalls: RecallView[];
  busy: boolean;
  onEnd: (recall: RecallView) => Promise<void>;
  children?: ReactNode;
}) {
  return (
    <ul className="divide-y divide-line">
      {recalls.map((recall) => (
        <li key={recall.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
          <div className="min-w-0 flex-1 basis-64">
            <p className="font-bold">{recall.product}</p>
            <p className="text-sm">
              {recallScope(recall)}, {text.levels[recall.level]}
            </p>
            <p className="text-sm text-ink-2">“{recall.reason}”</p>
            <p className="text-sm text-ink-3">
              {recall.by}, {text.since(formatDate(recall.startedAt))}
            </p>
            <p className="mt-1 text-sm font-semibold">
              {recall.here.length === 0
                ? text.nothingHere
                : recall.here.map(({ packs, siteName }) => text.here(packWords(packs), siteName)).join('; ')}
            </p>
          </div>
          {recall.endedAt ? (
            <Pill icon={CircleStop}>{text.ended(formatDate(recall.endedAt))}</Pill>
          ) : (
            <div className="flex flex-wrap gap-2">
              {children}
              {recall.mayEnd && (
                <Button size="sm" look="quiet" icon={CircleStop} busy={busy} onClick={() => void onEnd(recall)}>
                  {text.end}
                </Button>
              )}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
