'use client';

import { UserRoundCheck } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { releaseCall } from '#components/settlement/settlementCalls.ts';
import { WalletDialog } from '#components/settlement/WalletDialog.tsx';
import { Ago } from '#components/ui/Ago.tsx';
import { Button } from '#components/ui/Button.tsx';
import { formatMoney, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { ClaimPayouts, PaidIn, Release, WalletRights } from '#server/claims/schema.ts';
import { releaseAnchor } from './mismatchStep.ts';
import { RightsNotice } from './RightsNotice.tsx';

const text = t.claimsPayouts.releases;

/** Shares above the threshold, which one wallet has proposed to pay and another person's releases. */
export function ReleasesPanel({
  releases,
  rights,
  paidIn,
  insurer,
  now,
  show,
}: {
  releases: NonNullable<ClaimPayouts['releases']>;
  rights: WalletRights;
  paidIn: PaidIn;
  insurer: string;
  now: number;
  /** Opens a dialog, or closes it. */
  show: (dialog: ReactNode) => void;
}) {
  const releasers = rights.own.filter((wallet) => wallet.releases);
  const others = (spender: string) => releasers.filter(({ address }) => address !== spender);
  const releaseDialog = (release: Release, version: number) => (
    <WalletDialog
      of={`release/${insurer}/${release.reference}`}
      title={text.dialog(formatMoney(release.amount, release.currency), release.name)}
      action={text.action}
      icon={UserRoundCheck}
      {...{ paidIn, currency: release.currency }}
      compose={() => releaseCall(paidIn, release, insurer, version)}
      onClose={() => show(null)}
    >
      <p className="text-sm text-ink-2">{text.dialogBody}</p>
    </WalletDialog>
  );
  return (
    <Panel labelledBy="releases">
      <PanelHead
        id="releases"
        title={text.title}
        icon={UserRoundCheck}
        remark={releases.length > 0 && formatNumber(releases.length)}
      />
      {releases.length === 0 ? (
        <p className="text-sm text-ink-2">{text.none}</p>
      ) : (
        <div className="space-y-3">
          <p className="text-sm text-ink-2">{text.body}</p>
          <RightsNotice rights={rights} what="releases" />
          <ul className="divide-y divide-line">
            {releases.map((release) => {
              const { claim, name, amount, currency, since, proposed } = release;
              const isOwn = proposed !== null && releasers.length > 0 && others(proposed.spender).length === 0;
              return (
                <li
                  key={claim}
                  id={releaseAnchor(claim)}
                  // The work list leads to it.
                  tabIndex={-1}
                  className="flex scroll-mt-24 flex-wrap items-center gap-x-4 gap-y-2 py-3 focus:bg-sunken"
                >
                  <span className="min-w-0 flex-1 basis-56">
                    <Link href={`/insurer/claims/${claim}`} className="underline">
                      {t.claimsPayouts.paid.claim(name)}
                    </Link>
                    <span className="block text-sm text-ink-2">
                      {proposed === null ? text.notProposed : isOwn ? text.own : text.proposed} ·{' '}
                      <Ago value={since} now={now} />
                    </span>
                  </span>
                  <span className="font-bold tabular-nums">{formatMoney(amount, currency)}</span>
                  {proposed !== null && others(proposed.spender).length > 0 && (
                    <Button
                      size="sm"
                      look="primary"
                      icon={UserRoundCheck}
                      onClick={() => show(releaseDialog(release, proposed.version))}
                    >
                      {text.action}
                    </Button>
                  )}
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </Panel>
  );
}
