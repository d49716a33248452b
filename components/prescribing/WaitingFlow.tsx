'use client';

import { CirclePause, CircleX, LoaderCircle, RotateCw, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { abandonSaga } from '#server/transactions/actions.ts';
import type { SagaView } from '#server/transactions/schema.ts';
import { standingOf } from './progress.ts';
import { useResume } from './useResume.ts';

const text = t.prescribing.today;

/** One flow that was begun and not finished: where it stands, carry on, give up. */
export function WaitingFlow({ saga, patient }: { saga: SagaView; patient?: string }) {
  const router = useRouter();
  const vault = useVault();
  const { openDialog } = useUnlock();
  const { resume, busy, problem } = useResume();
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState<Problem | null>(null);
  const standing = standingOf(saga);
  const signed = saga.steps.some(({ name, state }) => name === 'sign' && state === 'done');
  const shown = problem ?? refused;

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
    <li className="py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-bold">
            {text.kinds[saga.kind]}
            {patient && <span className="font-normal"> · {patient}</span>}
          </p>
          <p className="text-sm text-ink-2">
            {text.begun} <Time value={saga.createdAt} />
            {!signed && (
              <>
                {' · '}
                {text.until} <Time value={saga.expiresAt} />
              </>
            )}
          </p>
        </div>
        {standing && (
          <Pill
            tone={standing.state === 'failed' ? 'danger' : standing.state === 'running' ? 'info' : 'warn'}
            icon={standing.state === 'failed' ? CircleX : standing.state === 'running' ? LoaderCircle : CirclePause}
          >
            {text.standing[standing.name]}
          </Pill>
        )}
        <div className="flex gap-2">
          {!signed && (
            <Button size="sm" look="quiet" icon={Trash2} disabled={busy} onClick={() => setAsking(true)}>
              {text.abandon}
            </Button>
          )}
          <Button
            size="sm"
            icon={RotateCw}
            busy={busy || vault.state === 'opening'}
            onClick={async () => {
              if (vault.state === 'locked') return openDialog();
              if (await resume(saga)) {
                toast.success(t.prescribing.sign.done);
                router.refresh();
              }
            }}
          >
            {text.resume}
          </Button>
        </div>
      </div>
      {shown && (
        <div className="mt-3">
          <ProblemNotice problem={shown} kept={t.prescribing.sign.keptUnknown} />
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
