'use client';

import { ArrowRightLeft, CircleX, Hourglass, OctagonAlert } from 'lucide-react';
import { useState } from 'react';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

const text = t.dispensing.standing;

/** Whether something that others said of it stands in the way of dispensing. */
export const isDisturbed = ({ transfer, cancelRequest }: PrescriptionSummary): boolean =>
  transfer !== undefined || (cancelRequest !== undefined && cancelRequest.refused === undefined);

/** What prescriber, patient and other pharmacies have said of a prescription that is held here, each with its answer. */
export function StandingNotices({
  prescription,
  disabled,
  onChanged,
}: {
  prescription: PrescriptionSummary;
  disabled: boolean;
  onChanged: () => Promise<void> | void;
}) {
  const signed = useSigned();
  const { busy, problem, attempt } = useAttempt();
  const [answer, setAnswer] = useState<'cancel' | 'refuse' | null>(null);
  const { id, cancelRequest, holdNotice, transfer, reservation } = prescription;
  const isAsked = cancelRequest !== undefined && cancelRequest.refused === undefined;
  return (
    <div className="w-full space-y-3 empty:hidden">
      {isAsked && (
        <Notice
          tone="danger"
          icon={OctagonAlert}
          title={text.cancel.title[cancelRequest.by]}
          live="alert"
          actions={
            <>
              <Button
                size="sm"
                look="danger"
                icon={CircleX}
                disabled={disabled || reservation !== undefined}
                onClick={() => setAnswer('cancel')}
              >
                {text.cancel.agree}
              </Button>
              <Button size="sm" disabled={disabled} onClick={() => setAnswer('refuse')}>
                {text.cancel.refuse}
              </Button>
            </>
          }
        >
          <p>
            <Time value={cancelRequest.at} /> · “{cancelRequest.reason}”
          </p>
          <p>{reservation === undefined ? text.cancel.body : text.cancel.reserved}</p>
        </Notice>
      )}
      {holdNotice && (
        <Notice tone="warn" icon={Hourglass} title={text.hold.title}>
          <p>
            {text.hold.body} <Time value={holdNotice.endsAt} />. {text.hold.next}
          </p>
        </Notice>
      )}
      {transfer && (
        <Notice
          tone="info"
          icon={ArrowRightLeft}
          title={text.transfer.title(transfer.institution)}
          actions={
            <Button
              size="sm"
              busy={busy}
              disabled={disabled}
              onClick={() =>
                void attempt(async () => {
                  await signed({ kind: 'withdrawTransfer', id }, { sheet: 'factorOnly' });
                  await onChanged();
                })
              }
            >
              {text.transfer.withdraw}
            </Button>
          }
        >
          <p>{text.transfer.body}</p>
        </Notice>
      )}
      {problem && <ProblemNotice problem={problem} />}
      {answer !== null && (
        <ReasonDialog
          title={answer === 'cancel' ? text.cancel.agreeTitle : text.cancel.refuseTitle}
          body={answer === 'cancel' ? text.cancel.agreeBody : text.cancel.refuseBody}
          label={text.cancel.reason}
          action={answer === 'cancel' ? text.cancel.agree : text.cancel.refuse}
          dismiss={text.cancel.later}
          look={answer === 'cancel' ? 'danger' : 'primary'}
          icon={CircleX}
          onReason={async (reason) => {
            await signed({ kind: 'answerCancel', id, answer, reason }, { sheet: 'factorOnly' });
            await onChanged();
          }}
          onClose={() => setAnswer(null)}
        />
      )}
    </div>
  );
}
