'use client';

import { KeyRound, LoaderCircle, LockKeyhole, ShieldAlert } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { FeedState } from './feedState.ts';

const text = t.monitoringPages;

/** How this browser stands to the circle, where there is something to say: entering, outside, stale, or what did not open. */
export function CircleNotice({
  state,
  isOwner,
  nameOf,
  onRenew,
  onRestart,
}: {
  state: FeedState;
  isOwner: boolean;
  /** How somebody of the circle is called. */
  nameOf: (subject: string) => string;
  /** Removes whoever may not be there. Throws what prevented it. */
  onRenew: () => Promise<unknown>;
  /** Begins the circle anew, as its owner may where it is stuck. */
  onRestart?: () => Promise<unknown>;
}) {
  const { busy, problem, attempt } = useAttempt();
  const { entry, refused } = state;
  if (entry.state === 'entering') {
    return (
      <Notice icon={LoaderCircle} live="status" title={text.circle.entering}>
        <p>{text.circle.enteringBody}</p>
      </Notice>
    );
  }
  if (entry.state === 'failed') return <ProblemNotice problem={entry.problem} />;
  if (entry.state === 'none') {
    return (
      <Notice title={text.circle.none}>
        <p>{isOwner ? text.circle.noneOwn : text.circle.noneOther}</p>
      </Notice>
    );
  }
  if (entry.state === 'outside') {
    return (
      <Notice tone="warn" icon={LockKeyhole} title={entry.was ? text.circle.ended : text.circle.outside}>
        <p>{entry.was ? text.circle.endedBody : text.circle.outsideBody}</p>
      </Notice>
    );
  }
  if (entry.state === 'stuck') {
    return (
      <Notice
        tone="warn"
        icon={ShieldAlert}
        title={text.circle.stuck}
        actions={
          onRestart && (
            <Button size="sm" icon={KeyRound} busy={busy} onClick={() => void attempt(onRestart)}>
              {text.circle.restart}
            </Button>
          )
        }
      >
        <p>{onRestart ? text.circle.stuckOwn(nameOf(entry.by)) : text.circle.stuckOther(nameOf(entry.by))}</p>
        {problem && <ProblemNotice problem={problem} />}
      </Notice>
    );
  }
  const count = Object.values(refused).reduce((sum, some) => sum + some, state.locked);
  return (
    <>
      {state.problem && <ProblemNotice problem={state.problem} />}
      {entry.unfit.length > 0 && (
        <Notice
          tone="warn"
          icon={ShieldAlert}
          title={text.circle.stale}
          actions={
            <Button size="sm" icon={KeyRound} busy={busy} onClick={() => void attempt(onRenew)}>
              {text.circle.renew}
            </Button>
          }
        >
          <p>{text.circle.staleBody}</p>
          {problem && <ProblemNotice problem={problem} />}
        </Notice>
      )}
      {count > 0 && (
        <p role="status" className="flex items-start gap-2 text-sm text-ink-2">
          <LockKeyhole size={16} aria-hidden className="mt-0.5 shrink-0" />
          {text.day.unreadable(count, formatNumber(count))}
        </p>
      )}
    </>
  );
}
