'use client';

import { ReceiptText } from 'lucide-react';
import { useState } from 'react';
import { ClaimStatePill } from '#components/claims/ClaimStatePill.tsx';
import { OlderEntries } from '#components/claims/OlderEntries.tsx';
import type { ListedHere } from '#components/claims/useListed.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { formatMoney, formatServiceDay } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';
import { SentClaim } from './SentClaim.tsx';

const text = t.billing.sent;

/** Claims that the institution sent, newest first. */
export function SentClaims({
  list,
  institution,
  isUnlocked,
  onChanged,
}: {
  list: ListedHere<ClaimView>;
  institution: string;
  isUnlocked: boolean;
  onChanged: () => void;
}) {
  const [shown, setShown] = useState<string | null>(null);
  const claims = list.entries;
  const claim = claims.find(({ id }) => id === shown);
  return (
    <Panel labelledBy="sent-claims">
      <PanelHead id="sent-claims" icon={ReceiptText} title={text.title} />
      {claims.length === 0 ? (
        <Empty icon={ReceiptText} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {claims.map((each) => {
            const decision = each.decisions.at(-1);
            return (
              <li key={each.id}>
                <button
                  type="button"
                  disabled={!isUnlocked}
                  onClick={() => setShown(each.id)}
                  className="flex w-full flex-wrap items-center gap-x-4 gap-y-1 py-3 text-left enabled:hover:bg-sunken"
                >
                  <span className="min-w-0 flex-1 basis-56">
                    <span className="block font-bold break-words">{each.names[each.insurer]}</span>
                    <span className="block text-sm text-ink-2">
                      {t.claims.categories[each.category]} · {formatServiceDay(each.servedAt)}
                      {each.use === 'preauthorisation' && ` · ${text.beforehand}`}
                    </span>
                  </span>
                  <span className="sm:text-right">
                    <span className="block font-bold tabular-nums">{formatMoney(each.billed, each.currency)}</span>
                    {decision !== undefined && (
                      <span className="block text-sm text-ink-2 tabular-nums">
                        {`${text.insurer} ${formatMoney(decision.insurer, each.currency)} · ${text.patient} ${formatMoney(decision.patient, each.currency)}`}
                      </span>
                    )}
                  </span>
                  <ClaimStatePill state={each.state} />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      <OlderEntries list={list} />
      {claim !== undefined && (
        <SentClaim claim={claim} institution={institution} onChanged={onChanged} onClose={() => setShown(null)} />
      )}
    </Panel>
  );
}
