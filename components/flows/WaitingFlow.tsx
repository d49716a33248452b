'use client';

import { CirclePause, CircleX, LoaderCircle, RotateCw, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { formatNumber } from '#components/ui/format.ts';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { abandonSaga } from '#server/transactions/actions.ts';
import { isResumableKind, type WaitingSaga } from '#server/transactions/schema.ts';
import { standingOf, stepOf } from './standing.ts';
import { useResume } from './useResume.ts';

const text = t.flows;

/** One flow that was begun and not finished: what it does, where it stands, carry on, give up. */
export function WaitingFlow({ saga, name }: { saga: WaitingSaga; name?: ReactNode }) {
  const router = useRouter();
  const vault = useVault();
  const { openDialog } = useUnlock();
  const { resume, busy, problem } = useResume();
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState<Problem | null>(null);
  const { kind, about, subject } = saga;
  const sign = stepOf(saga, 'sign')?.state;
  const submitted = sign === 'running' || sign === 'done';
  const shown = problem ?? refused;

  const carryOn = async () => {
    if (vault.state === 'locked') return openDialog();
    if (!(await resume(saga))) return;
    toast.success(text.done);
    router.refresh();
  };

  const giveUp = async () => {
    setAsking(false);
    try {
      const result = await abandonSaga(saga.id);
      if (result.ok) router.refresh();
      else setRefused(result.error);
    } catch (thrown) {
      setRefused(problemOf(thrown, 'OFFLINE'));
    }
  };

  return (
    <li className="py-3 first:pt-1 last:pb-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-bold">
            {text.kinds[kind]}
            {name && <span className="font-normal"> · {name}</span>}
            {about.quantity !== undefined && (
              <span className="font-normal"> · {text.units(about.quantity, formatNumber(about.quantity))}</span>
            )}
          </p>
          {about.reason && <p className="text-sm break-words">{text.reason(about.reason)}</p>}
          {kind !== 'issue' && <p className="font-mono text-xs break-all text-ink-3">{about.address ?? subject}</p>}
          <p className="text-sm text-ink-2">
            {text.begun} <Time value={saga.createdAt} />
            {!submitted && (
              <>
                {' · '}
                {text.until} <Time value={saga.expiresAt} />
              </>
            )}
          </p>
          {!submitted && !isResumableKind(kind) && <p className="mt-1 text-sm">{text.instead[kind]}</p>}
        </div>
        <Standing saga={saga} />
        <div className="flex gap-2">
          {!submitted && (
            <Button size="sm" look="quiet" icon={Trash2} disabled={busy} onClick={() => setAsking(true)}>
              {text.abandon}
            </Button>
          )}
          {(submitted || isResumableKind(kind)) && (
            <Button size="sm" icon={RotateCw} busy={busy || vault.state === 'opening'} onClick={carryOn}>
              {isResumableKind(kind) ? text.resume : text.look}
            </Button>
          )}
        </div>
      </div>
      {shown && (
        <div className="mt-3">
          <ProblemNotice problem={shown} kept={text.kept} />
        </div>
      )}
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={text.abandonTitle}
        description={text.abandonBody}
        closeLabel={t.shell.close}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{text.abandonKeep}</Button>
            <Button look="danger" icon={Trash2} onClick={giveUp}>
              {text.abandonDo}
            </Button>
          </>
        }
      />
    </li>
  );
}

function Standing({ saga }: { saga: WaitingSaga }) {
  const standing = standingOf(saga);
  if (!standing) return null;
  const { name, state } = standing;
  return (
    <Pill
      tone={state === 'failed' ? 'danger' : state === 'running' ? 'info' : 'warn'}
      icon={state === 'failed' ? CircleX : state === 'running' ? LoaderCircle : CirclePause}
    >
      {name === 'sign' && state === 'running' ? text.undecided : text.standing[name]}
    </Pill>
  );
}
