'use client';

import { CircleCheck, CircleDashed, CircleX, Eye, type LucideIcon, Octagon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PolicyState } from '#chaincode/model/policy.ts';
import { Button } from '#components/ui/Button.tsx';
import { formatBirthDate, formatDate } from '#components/ui/format.ts';
import { Pill } from '#components/ui/Pill.tsx';
import type { Tone } from '#components/ui/tone.ts';
import type { PolicyDetails } from '#crypto/claim/details.ts';
import { t } from '#messages/en.ts';
import type { PolicyView } from '#server/claims/schema.ts';

const text = t.claimsPolicies;
const looks: Record<PolicyState, { tone: Tone; icon: LucideIcon }> = {
  applied: { tone: 'info', icon: CircleDashed },
  active: { tone: 'ok', icon: CircleCheck },
  refused: { tone: 'danger', icon: CircleX },
  ended: { tone: 'neutral', icon: Octagon },
};

/** A policy: its plan, who it insures once that was opened, since when, and what can be done. */
export function PolicyRow({
  policy,
  plan,
  insured,
  busy,
  onOpen,
  children,
}: {
  policy: PolicyView;
  /** The plan's name. */
  plan: string;
  insured: PolicyDetails['insured'] | undefined;
  busy: boolean;
  onOpen: () => void;
  /** Actions. */
  children?: ReactNode;
}) {
  const { id, state, reason } = policy;
  const { tone, icon } = looks[state];
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="font-bold">{insured?.name ?? plan}</span>
          <Pill tone={tone} icon={icon}>
            {text.states[state]}
          </Pill>
        </p>
        <p className="mt-0.5 text-sm text-ink-2">
          {[
            insured && plan,
            insured && `${text.details.birthDate} ${formatBirthDate(insured.birthDate)}`,
            insured && `${text.details.identifier} ${insured.identifier.value}`,
            periodWords(policy),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        {reason && <p className="mt-0.5 text-sm text-ink-2">{text.members.reason(reason)}</p>}
        <p className="font-mono text-xs break-all text-ink-3">{id}</p>
      </div>
      <div className="flex flex-wrap gap-2">
        {insured === undefined && (
          <Button size="sm" icon={Eye} busy={busy} aria-label={text.applications.openOf(id)} onClick={onOpen}>
            {text.applications.open}
          </Button>
        )}
        {children}
      </div>
    </li>
  );
}

function periodWords({ state, at, from, until }: PolicyView): string {
  if (from === undefined) return state === 'applied' ? text.applications.applied(formatDate(at)) : formatDate(at);
  return until === undefined
    ? text.members.openEnd(formatDate(from))
    : text.members.period(formatDate(from), formatDate(until));
}
