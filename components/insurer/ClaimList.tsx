'use client';

import { ArrowRight, ChevronLeft, ChevronRight, Inbox, ListFilter } from 'lucide-react';
import Link from 'next/link';
import { claimStates } from '#chaincode/model/claim.ts';
import { LinkButton } from '#components/ui/Button.tsx';
import { classes } from '#components/ui/classes.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import { type ClaimQueue, claimsAPage, type QueueAsked, waitingStates } from '#server/claims/schema.ts';
import { ClaimRow } from './ClaimRow.tsx';
import { queueHref } from './queueAddress.ts';

const text = t.claimsQueue.list;
/** A person's states stand together in `waiting`. */
const others = claimStates.filter((state) => !waitingStates.some((waiting) => waiting === state));

/** The insurer's claims: those that wait for a person, or others by where they stand. */
export function ClaimList({ queue, asked }: { queue: ClaimQueue; asked: QueueAsked }) {
  const { counts, total, claims } = queue;
  const { show, page } = asked;
  const now = useNow(30_000);
  const waiting = waitingStates.reduce((sum, state) => sum + counts[state], 0);
  const all = claimStates.reduce((sum, state) => sum + counts[state], 0);
  const pages = Math.max(1, Math.ceil(total / claimsAPage));
  const title = show === 'waiting' ? text.waiting : show === 'all' ? text.all : t.claims.states[show];
  const [first] = claims;
  const filters = [
    { value: 'waiting' as const, label: text.waiting, count: waiting },
    ...others
      .filter((state) => counts[state] > 0 || state === show)
      .map((state) => ({ value: state, label: t.claims.states[state], count: counts[state] })),
    { value: 'all' as const, label: text.all, count: all },
  ];
  return (
    <Panel labelledBy="claims">
      <PanelHead
        id="claims"
        title={title}
        icon={Inbox}
        remark={total > 0 && text.count(formatNumber(claims.length), formatNumber(total))}
        aside={
          show === 'waiting' &&
          first && (
            <LinkButton look="primary" size="sm" icon={ArrowRight} href={`/insurer/claims/${first.id}`}>
              {text.oldest}
            </LinkButton>
          )
        }
      />
      <nav aria-label={text.filters} className="-mx-1 mb-3 flex flex-wrap gap-1">
        {filters.map(({ value, label, count }) => (
          <Link
            key={value}
            href={queueHref({ show: value, page: 1 })}
            aria-current={value === show ? 'page' : undefined}
            className={classes(
              'inline-flex min-h-9 items-center gap-1.5 rounded-md px-3 text-sm font-semibold',
              value === show ? 'bg-brand-soft text-ink' : 'text-ink-2 hover:bg-sunken',
            )}
          >
            <span className="first-letter:uppercase">{label}</span>
            <span className="font-normal text-ink-3 tabular-nums">{formatNumber(count)}</span>
          </Link>
        ))}
      </nav>
      {show === 'waiting' && <p className="max-w-prose text-sm text-ink-2">{text.body}</p>}
      {claims.length === 0 ? (
        <Empty
          icon={show === 'waiting' ? Inbox : ListFilter}
          title={show === 'waiting' ? text.empty : text.none}
          action={
            show !== 'all' && (
              <LinkButton size="sm" href={queueHref({ show: 'all', page: 1 })}>
                {text.seeAll}
              </LinkButton>
            )
          }
        >
          {show === 'waiting' ? text.emptyBody : text.noneBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {claims.map((claim) => (
            <ClaimRow key={claim.id} claim={claim} now={now} />
          ))}
        </ul>
      )}
      {pages > 1 && (
        <nav aria-label={text.pages} className="mt-3 flex flex-wrap items-center gap-3">
          {page > 1 && (
            <LinkButton size="sm" icon={ChevronLeft} href={queueHref({ show, page: page - 1 })}>
              {text.newer}
            </LinkButton>
          )}
          <span className="text-sm text-ink-2">{text.page(formatNumber(page), formatNumber(pages))}</span>
          {page < pages && (
            <LinkButton size="sm" icon={ChevronRight} href={queueHref({ show, page: page + 1 })}>
              {text.older}
            </LinkButton>
          )}
        </nav>
      )}
    </Panel>
  );
}
