'use client';

import { HandHeart } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Empty } from '#components/ui/Empty.tsx';
import { Meter } from '#components/ui/Meter.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { grantAssistance, refuseAssistance } from '#server/fund/actions.ts';
import type { FundDesk, RuleSetting } from '#server/fund/schema.ts';
import { ChangeRulesDialog } from './ChangeRulesDialog.tsx';
import { FundFigures } from './FundFigures.tsx';
import { FundRulesPanel } from './FundRulesPanel.tsx';
import { formatCoins } from './formatCoins.ts';
import { RequestLine } from './RequestLine.tsx';

const { desk: text, figures } = t.fund;

const againMs = 3_000;

/** The authority's desk: requests without names, to grant within the fund's rules or to refuse with a reason. */
export function FundDeskScreen({ desk: { fund, setting, requests } }: { desk: FundDesk }) {
  const router = useRouter();
  const [refusing, setRefusing] = useState<string | null>(null);
  // As of when the dialog was opened: it stays while the chain does not answer, and begins from nothing else meanwhile.
  const [changing, setChanging] = useState<{ coin: string; setting: RuleSetting } | null>(null);
  const isPaying = requests.some(({ state }) => state === 'granted');
  // A payment is read from the chain, seconds after it was made.
  useEffect(() => {
    if (!isPaying) return;
    const timer = setInterval(() => router.refresh(), againMs);
    return () => clearInterval(timer);
  }, [isPaying, router]);
  const grant = async (id: string) => {
    try {
      expectData(await grantAssistance({ id }));
    } finally {
      router.refresh();
    }
  };
  const refuse = async (id: string, reason: string) => {
    expectData(await refuseAssistance({ id, reason }));
    router.refresh();
  };
  return (
    <div className="max-w-[70rem] space-y-5">
      <p className="max-w-prose text-ink-2">
        {text.intro}{' '}
        <Link href="/fund" className="underline">
          {text.report}
        </Link>
      </p>
      {fund === null ? (
        <Notice tone="warn" title={text.away}>
          <p>{text.awayBody}</p>
        </Notice>
      ) : (
        <>
          <FundFigures fund={fund} />
          <Meter
            value={fund.budgetLeft}
            max={fund.perPeriod}
            label={figures.budget(formatCoins(fund.budgetLeft, fund.coin), formatCoins(fund.perPeriod, fund.coin))}
          />
        </>
      )}
      <Panel labelledBy="fund-requests">
        <PanelHead id="fund-requests" icon={HandHeart} title={text.requests} />
        {requests.length === 0 ? (
          <Empty icon={HandHeart} title={text.none}>
            {text.noneBody}
          </Empty>
        ) : (
          <ul className="divide-y divide-line">
            {requests.map((request) => (
              <RequestLine
                key={request.id}
                request={request}
                fund={fund}
                grant={() => grant(request.id)}
                onRefuse={() => setRefusing(request.id)}
              />
            ))}
          </ul>
        )}
      </Panel>
      {fund !== null && (
        <FundRulesPanel
          {...{ fund, setting }}
          onChange={(opened) => setChanging({ coin: fund.coin, setting: opened })}
        />
      )}
      {changing !== null && <ChangeRulesDialog {...changing} onClose={() => setChanging(null)} />}
      {refusing !== null && (
        <ReasonDialog
          title={text.refuseTitle}
          label={text.refuseLabel}
          action={text.refuse}
          icon={HandHeart}
          onReason={(reason) => refuse(refusing, reason)}
          onClose={() => setRefusing(null)}
        />
      )}
    </div>
  );
}
