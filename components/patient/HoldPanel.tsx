'use client';

import { ArrowRightLeft, Ban, Store, TimerReset } from 'lucide-react';
import { holdBeforeNoticeMs } from '#chaincode/model/prescriptionTerms.ts';
import { Ago } from '#components/ui/Ago.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { useChange } from './useChange.ts';

const text = t.patient.medicines.hold;

/** Who holds the prescription since when, what was asked of the holder, and how the patient gets it back. */
export function HoldPanel({ prescription, name }: { prescription: PrescriptionSummary; name: string }) {
  const { id, holder, holdNotice, reservation, transfer, cancelRequest } = prescription;
  const { busy, problem, change } = useChange(id, name);
  const now = useNow(30_000);
  if (!holder) return null;
  const long = now - Date.parse(holder.since) >= holdBeforeNoticeMs;
  const over = holdNotice && Date.parse(holdNotice.endsAt) <= now;
  return (
    <div className="mt-4 space-y-3">
      <Notice
        tone="info"
        icon={Store}
        title={text.title(holder.institution)}
        actions={
          !reservation &&
          (long || holdNotice) && (
            <Button
              icon={TimerReset}
              busy={busy}
              disabled={holdNotice && !over}
              onClick={() =>
                holdNotice ? change({ kind: 'endHold', id }, text.ended) : change({ kind: 'noticeHold', id }, text.told)
              }
            >
              {holdNotice ? text.end : text.notice}
            </Button>
          )
        }
      >
        <p>
          {text.since} <Time value={holder.since} />
          {holder.from && ` · ${text.from(holder.from)}`}
        </p>
        <p>{reservation ? text.reserved : holdNotice ? null : long ? text.noticeBody : text.body}</p>
        {holdNotice && !reservation && (
          <p>
            {over ? (
              text.over
            ) : (
              <>
                {text.running} <Time value={holdNotice.endsAt} /> (<Ago value={holdNotice.endsAt} now={now} due />)
              </>
            )}
          </p>
        )}
      </Notice>
      {transfer && (
        <Notice
          tone="brand"
          icon={ArrowRightLeft}
          title={text.transfer(holder.institution, transfer.institution)}
          actions={
            <Button busy={busy} onClick={() => change({ kind: 'refuseTransfer', id }, text.transferRefused)}>
              {text.refuse}
            </Button>
          }
        >
          <p>{text.transferBody(transfer.institution)}</p>
        </Notice>
      )}
      {cancelRequest && (
        <Notice
          tone={cancelRequest.refused ? 'neutral' : 'warn'}
          icon={Ban}
          title={cancelRequest.refused ? text.cancelRefused(holder.institution) : text.cancelAsked[cancelRequest.by]}
        >
          <p>{cancelRequest.refused ? `“${cancelRequest.refused.reason}”` : text.cancelWaits(holder.institution)}</p>
        </Notice>
      )}
      {problem && <ProblemNotice problem={problem} kept={t.flows.again} />}
    </div>
  );
}
