'use client';

import type { ReactNode } from 'react';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { Outcome } from '#server/supply/schema.ts';
import { isAllAccepted, type Recorded } from './useCapture.ts';

const text = t.supply.outcome;

/** What the ledgers decided about what was signed: all of it taken, or which part was refused and why. */
export function OutcomePanel({
  recorded,
  children,
  actions,
}: {
  recorded: Recorded[];
  /** What it means that everything was taken. */
  children: ReactNode;
  actions?: ReactNode;
}) {
  const refused = recorded.flatMap(({ channel, outcomes }) =>
    outcomes.flatMap((outcome, index) => (outcome.outcome === 'refused' ? [{ channel, outcome, index }] : [])),
  );
  if (isAllAccepted(recorded)) {
    return (
      <Notice tone="ok" title={text.done} live="status" actions={actions}>
        {children}
      </Notice>
    );
  }
  return (
    <Notice tone="danger" title={text.some} live="alert" actions={actions}>
      <p>{text.someBody}</p>
      <ul className="list-disc space-y-1 pl-5">
        {refused.map(({ channel, outcome, index }) => (
          <li key={`${channel}-${outcome.hash}`}>
            {text.refused(text.event(formatNumber(index + 1)), whyOf(outcome))}
            {outcome.detail && <span className="block font-mono text-xs break-all">{outcome.detail}</span>}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Why the ledger refused an event, in words. */
export const whyOf = ({ code }: Outcome) =>
  code === undefined ? '' : (t.supply.codes[code] ?? t.errors.texts[code]?.title ?? code);
