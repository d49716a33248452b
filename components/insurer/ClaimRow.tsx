'use client';

import { ChevronRight, MessageSquareMore } from 'lucide-react';
import Link from 'next/link';
import { ClaimStatePill } from '#components/claims/ClaimStatePill.tsx';
import { Ago } from '#components/ui/Ago.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { Pill } from '#components/ui/Pill.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';

const text = t.claimsQueue.row;
const list = new Intl.ListFormat('en');

/** A claim of the list: who bills what, where it stands, and why it waits for a person. */
export function ClaimRow({ claim, now }: { claim: ClaimView; now: number }) {
  const { id, use, category, provider, names, billed, currency, servedAt, at, state, decisions } = claim;
  const what = t.claims.categories[category];
  const decision = decisions.at(-1);
  const isWaiting = state === 'inReview' || state === 'appealed';
  return (
    <li>
      <Link
        href={`/insurer/claims/${id}`}
        aria-label={text.open(what, names[provider] ?? provider)}
        className="-mx-2 grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 rounded-md px-2 py-3.5 hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_auto_auto]"
      >
        <span className="min-w-0">
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <span className="font-bold first-letter:uppercase">{what}</span>
            <ClaimStatePill state={state} />
            {use === 'preauthorisation' && <Pill icon={MessageSquareMore}>{text.preauthorisation}</Pill>}
          </span>
          <span className="mt-0.5 block text-sm text-ink-2">
            {names[provider] ?? provider} · <Time value={servedAt} as="serviceDay" /> · <Ago value={at} now={now} />
          </span>
          <span className="mt-0.5 block text-sm text-ink-2">{isWaiting ? whyOf(claim) : whoOf(claim)}</span>
        </span>
        <span className="text-right">
          <span className="block font-bold whitespace-nowrap tabular-nums">{formatMoney(billed, currency)}</span>
          <span className="block text-sm text-ink-3">
            {decision === undefined ? text.billed : text.insurer(formatMoney(decision.insurer, currency))}
          </span>
        </span>
        <ChevronRight size={18} aria-hidden className="hidden text-ink-3 sm:block" />
      </Link>
    </li>
  );
}

function whyOf({ state, review }: ClaimView): string {
  if (state === 'appealed') return text.appealed;
  const reasons = review?.reasons ?? [];
  return reasons.length === 0
    ? text.unsaid
    : `${text.why} ${list.format(reasons.map((reason) => t.claims.reasons[reason]))}.`;
}

function whoOf({ decisions }: ClaimView): string {
  const decision = decisions.at(-1);
  if (decision === undefined) return '';
  const who = decision.by.startsWith('dev-') ? text.byRule : text.byPerson;
  return [who, ...decision.reasons.map((reason) => t.claims.reasons[reason])].join(' · ');
}
