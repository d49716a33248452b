'use client';

import { BadgeCheck, CircleHelp, OctagonAlert, ScanLine, TriangleAlert } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Facts } from '#components/ui/Facts.tsx';
import { formatBirthDate, formatDateTime, formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { verifyPack } from '#server/supply/actions.ts';
import type { SupplyBasics, VerifiedPack } from '#server/supply/schema.ts';
import { ReportPack } from './ReportPack.tsx';
import type { Named } from './readThing.ts';
import { ScanPanel } from './ScanPanel.tsx';
import { Workbench } from './Workbench.tsx';

const text = t.supply.verify;

/** Answers that say that something is wrong with the pack itself, and not only that it may not be sold any more. */
const suspicious: readonly VerifiedPack['answer'][] = ['unknown', 'mismatch', 'dispensed', 'destroyed', 'stolen'];

/** Asks of one pack whether it is genuine and may be handed over, and says why not. */
export function VerifyScreen({
  basics,
  story,
}: {
  basics: SupplyBasics;
  /** Address at which a pack's story is told. */
  story: string;
}) {
  const [verified, setVerified] = useState<VerifiedPack | null>(null);
  const [isCase, setIsCase] = useState(false);
  const { busy, problem, attempt } = useAttempt('OFFLINE');

  const ask = useCallback(
    ([named]: Named[]): number => {
      setVerified(null);
      setIsCase(named?.item.kind === 'container');
      if (named?.item.kind !== 'pack') return 0;
      const { gtin, serial } = named.item;
      const { batch, expiry } = named;
      const asked = { gtin, serial, ...(batch && { batch }), ...(expiry && { expiry }) };
      void attempt(async () => setVerified(expectData(await verifyPack(asked))));
      return 1;
    },
    [attempt],
  );

  return (
    <Workbench scanner={<ScanPanel onNamed={ask} many={false} hint={text.intro} />} answered={verified !== null}>
      {isCase && <Notice tone="warn" title={text.case} live="alert" />}
      {problem && <ProblemNotice problem={problem} />}
      {verified === null ? (
        !isCase && (
          <Panel>
            <p className="flex items-center gap-2.5 py-8 text-ink-2" role="status">
              <ScanLine size={20} aria-hidden />
              {busy ? t.supply.scan.asking : text.waiting}
            </p>
          </Panel>
        )
      ) : (
        <Answer verified={verified} basics={basics} story={story} onAgain={() => setVerified(null)} />
      )}
    </Workbench>
  );
}

function Answer({
  verified,
  basics,
  story,
  onAgain,
}: {
  verified: VerifiedPack;
  basics: SupplyBasics;
  story: string;
  onAgain: () => void;
}) {
  const { answer, asked } = verified;
  const words = text.answers[answer];
  const isSuspicious = suspicious.includes(answer);
  const fine = answer === 'genuine';
  const Icon = fine ? BadgeCheck : answer === 'unknown' ? CircleHelp : isSuspicious ? OctagonAlert : TriangleAlert;
  const ground = fine
    ? 'border-ok bg-ok-soft'
    : isSuspicious
      ? 'border-danger bg-danger-soft'
      : 'border-warn bg-warn-soft';
  const ink = fine ? 'text-ok' : isSuspicious ? 'text-danger' : 'text-warn';
  return (
    <Panel as="article" label={words.title}>
      <div role="status" className={`flex items-start gap-4 rounded-lg border-l-4 p-4 ${ground}`}>
        <Icon size={34} aria-hidden className={`shrink-0 ${ink}`} />
        <div className="min-w-0">
          <p className="text-xl font-bold">{words.title}</p>
          <p className="mt-1">{words.body}</p>
          {verified.recall && <p className="mt-1 font-semibold">“{verified.recall.reason}”</p>}
        </div>
      </div>
      {isSuspicious && (
        <div className="mt-4">
          <p className="font-bold">{text.whatNow}</p>
          <p className="text-sm text-ink-2">{text.suspicious}</p>
          <div className="mt-3">
            <ReportPack verified={verified} basics={basics} />
          </div>
        </div>
      )}
      <div className="mt-4">
        <Facts rows={factsOf(verified)} />
      </div>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button look="primary" icon={ScanLine} onClick={onAgain}>
          {text.again}
        </Button>
        {verified.pack && (
          <LinkButton href={`${story}?${new URLSearchParams({ gtin: asked.gtin, serial: asked.serial })}`}>
            {text.story}
          </LinkButton>
        )}
      </div>
    </Panel>
  );
}

/** What the ledger has, and what the label says where it differs. */
function factsOf({ asked, pack, product, maker, left, recall, channel, askedAt }: VerifiedPack) {
  const { facts } = text;
  const label = [asked.batch, asked.expiry && formatBirthDate(asked.expiry)].filter(Boolean).join(', ');
  const differs = pack !== undefined && (asked.batch ?? pack.batch) !== pack.batch;
  const dayDiffers = pack !== undefined && (asked.expiry ?? pack.expiry) !== pack.expiry;
  return [
    { name: facts.product, value: product ?? asked.gtin },
    ...(maker ? [{ name: facts.maker, value: maker }] : []),
    { name: facts.serial, value: <span className="font-mono break-all">{asked.serial}</span> },
    ...(pack?.batch ? [{ name: facts.batch, value: pack.batch }] : []),
    ...(pack?.expiry ? [{ name: facts.expiry, value: formatBirthDate(pack.expiry) }] : []),
    ...((differs || dayDiffers || pack === undefined) && label ? [{ name: facts.onLabel, value: label }] : []),
    ...(pack?.state ? [{ name: facts.state, value: t.supply.states[pack.state] }] : []),
    ...(pack?.holderName ? [{ name: facts.holder, value: pack.holderName }] : []),
    ...(left ? [{ name: facts.left, value: text.leftBy(left.institution, formatDateTime(left.at)) }] : []),
    ...(recall ? [{ name: facts.recall, value: t.supply.recall.since(formatDateTime(recall.startedAt)) }] : []),
    ...(pack
      ? [
          {
            name: facts.excursions,
            value: pack.excursions > 0 ? text.excursions(formatNumber(pack.excursions)) : text.noExcursions,
          },
        ]
      : []),
    { name: facts.asked, value: formatDateTime(askedAt) },
    ...(channel ? [{ name: facts.ledger, value: channel }] : []),
  ];
}
