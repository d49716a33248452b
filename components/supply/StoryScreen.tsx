'use client';

import { CircleX, History, PackageSearch } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { Empty } from '#components/ui/Empty.tsx';
import { Hash } from '#components/ui/Facts.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { readStory } from '#server/supply/actions.ts';
import type { PackStory, StoryStep } from '#server/supply/schema.ts';
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
      void attempt(async () => setStory(expectData(await readStory(pack))));
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
    <Workbench scanner={<ScanPanel onNamed={take} many={false} hint={text.intro} />}>
      {problem && !isNone && <ProblemNotice problem={problem} />}
      {story === null ? (
        <Panel>
          <Empty icon={isNone ? CircleX : PackageSearch} title={isNone ? text.none : text.title}>
            {busy ? t.supply.scan.asking : isCase ? t.supply.verify.case : isNone ? text.noneBody : text.intro}
          </Empty>
        </Panel>
      ) : (
        <Panel labelledBy="story">
          <PanelHead id="story" title={story.product} icon={History} remark={story.serial} />
          <ol className="ml-2 border-l-2 border-line">
            {story.steps.map((step) => (
              <Step key={`${step.block}-${step.hash}-${step.undone}`} step={step} />
            ))}
          </ol>
        </Panel>
      )}
    </Workbench>
  );
}

function Step({ step }: { step: StoryStep }) {
  const what = step.undone ? text.undone : (text.steps[step.step] ?? text.other);
  return (
    <li className="relative py-2.5 pl-5">
      <span
        aria-hidden
        className={`absolute top-4 -left-[7px] size-3 rounded-full ${step.refused === undefined ? 'bg-brand' : 'bg-danger'}`}
      />
      <p className="flex flex-wrap items-center gap-2 font-bold">
        {what}
        {step.to && <span className="font-normal">{text.to(step.to)}</span>}
        {step.refused !== undefined && (
          <Pill tone="danger" icon={CircleX}>
            {text.refused}: {t.supply.codes[step.refused] ?? step.refused}
          </Pill>
        )}
      </p>
      <p className="text-sm text-ink-2">
        <Time value={step.at} /> · {text.by(step.by)}
        {step.place && ` · ${text.at(step.place)}`}
        {step.sscc && ` · ${text.inCase(step.sscc)}`}
      </p>
      <details className="text-xs text-ink-3">
        <summary className="cursor-pointer">{text.block(formatNumber(step.block))}</summary>
        <Hash>{step.transactionId}</Hash>
        <br />
        <Hash>{step.hash}</Hash>
      </details>
    </li>
  );
}
