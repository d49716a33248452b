'use client';

import { Ban, FilePenLine, MessageSquareQuote, PackageOpen } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { useRecording } from '#components/signing/useRecording.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Facts } from '#components/ui/Facts.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { ContentName } from './ContentName.tsx';
import { quantityText } from './content.ts';
import { isEnded } from './isEnded.ts';
import { ProofButton, proofOf } from './ProofDrawer.tsx';
import { ReceiptButton } from './ReceiptButton.tsx';
import { SignedCheck } from './SignedCheck.tsx';
import { SignedSentence } from './SignedSentence.tsx';
import { StatePill, TokenPill } from './StatePill.tsx';
import { useContents } from './useContents.ts';

const text = t.prescriptions.detail;

/** One prescription for its author: content, standing, what was dispensed, proof, cancellation. */
export function Detail({ prescription }: { prescription: PrescriptionSummary }) {
  const content = useContents([prescription], 'author')(prescription.id);
  const amount = (quantity: number) =>
    content.state === 'open' ? quantityText(content.content.request, quantity) : formatNumber(quantity);
  return (
    <div className="space-y-5">
      <UnlockNotice />
      <Panel>
        <div className="flex flex-wrap items-start justify-between gap-4">
          <div className="min-w-0">
            <p className="text-xl leading-snug">
              <ContentName content={content} />
            </p>
            {prescription.patient && <p className="text-ink-2">{text.for(prescription.patient.name)}</p>}
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <StatePill state={prescription.state} />
            <ProofButton proof={proofOf(prescription)} />
            {isEnded(prescription) && <ReceiptButton id={prescription.id} />}
          </div>
        </div>
        {content.state === 'open' && (
          <p className="mt-4 flex gap-3 rounded-lg bg-sunken px-3.5 py-3">
            <MessageSquareQuote size={19} aria-hidden className="mt-0.5 shrink-0 text-ink-2" />
            <span>
              <SignedSentence request={content.content.request} />
            </span>
          </p>
        )}
        {content.state === 'failed' && (
          <div className="mt-4">
            <ProblemNotice problem={content.problem} />
          </div>
        )}
      </Panel>
      {content.state === 'open' && <SignedCheck prescription={prescription} request={content.content.request} />}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-2">
        <Panel>
          <Facts
            rows={[
              {
                name: text.quantity,
                value:
                  prescription.fills > 1
                    ? `${amount(prescription.quantity)} × ${prescription.fills}`
                    : amount(prescription.quantity),
              },
              { name: text.left, value: amount(prescription.left) },
              { name: text.signedOn, value: <Time value={prescription.authoredOn} /> },
              {
                name: text.signedBy,
                value: `${prescription.author.name}, ${prescription.author.institution}`,
              },
              { name: text.validUntil, value: <Time value={prescription.expires} as="date" /> },
              { name: text.code, value: prescription.codeValid ? text.codeValid : text.codeVoid },
              { name: t.prescriptions.list.token, value: <TokenPill state={prescription.token.state} /> },
              ...(prescription.holder
                ? [
                    {
                      name: text.held,
                      value: (
                        <>
                          {text.heldSince(prescription.holder.institution)}
                          <Time value={prescription.holder.since} />
                        </>
                      ),
                    },
                  ]
                : []),
              ...(prescription.validFrom
                ? [{ name: text.validFrom, value: <Time value={prescription.validFrom} as="date" /> }]
                : []),
              ...(prescription.series
                ? [{ name: text.series, value: text.seriesPart(prescription.series.part, prescription.series.of) }]
                : []),
              ...(prescription.fillEveryDays
                ? [{ name: text.interval, value: text.everyDays(prescription.fillEveryDays) }]
                : []),
              ...related(text.replaces, prescription.replaces),
              ...related(text.replacedBy, prescription.replacedBy),
              ...(prescription.transfer ? [{ name: text.transfer, value: prescription.transfer.institution }] : []),
              ...(prescription.reason ? [{ name: text.reason, value: prescription.reason }] : []),
            ]}
          />
          {prescription.state === 'active' && (
            <div className="mt-4 flex flex-wrap gap-2">
              <LinkButton icon={FilePenLine} href={`/doctor/prescribe?replaces=${prescription.id}`}>
                {text.correct}
              </LinkButton>
              <Cancel id={prescription.id} held={false} />
            </div>
          )}
          {(prescription.state === 'accepted' || prescription.state === 'partial') && (
            <div className="mt-4 space-y-3">
              {prescription.cancelRequest && <CancelStanding prescription={prescription} />}
              {(!prescription.cancelRequest || prescription.cancelRequest.refused) && (
                <Cancel id={prescription.id} held />
              )}
            </div>
          )}
        </Panel>
        <Panel>
          <PanelHead title={text.dispenses} icon={PackageOpen} />
          {prescription.dispenses.length === 0 ? (
            <Empty icon={PackageOpen} title={text.dispensesEmpty}>
              {text.dispensesEmptyBody}
            </Empty>
          ) : (
            <ul className="divide-y divide-line">
              {prescription.dispenses.map((dispense) => (
                <li key={dispense.id} className="flex flex-wrap justify-between gap-x-4 py-2.5 text-sm">
                  <span className="font-bold">{amount(dispense.quantity)}</span>
                  <span>{dispense.institution}</span>
                  <span className="text-ink-2">
                    <Time value={dispense.at} />
                  </span>
                  <span className="w-full text-ink-2">{text.counterCheck[dispense.safety?.outcome ?? 'none']}</span>
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
    </div>
  );
}

/** A row with the way to another prescription, where there is one. */
function related(name: string, id: string | undefined) {
  if (id === undefined) return [];
  return [
    {
      name,
      value: (
        <Link href={`/doctor/prescriptions/${id}`} className="font-semibold text-brand underline underline-offset-3">
          {text.openOther}
        </Link>
      ),
    },
  ];
}

/** What was asked of the pharmacy that holds it, and its answer. */
function CancelStanding({ prescription: { cancelRequest, holder } }: { prescription: PrescriptionSummary }) {
  if (!cancelRequest) return null;
  const { by, at, reason, refused } = cancelRequest;
  const where = holder?.institution ?? '';
  return (
    <Notice
      tone={refused ? 'warn' : 'info'}
      icon={Ban}
      title={refused ? text.cancelRefused(where) : text.cancelWaiting(where)}
    >
      <p>
        {text.cancelAsked[by]} <Time value={at} />: “{reason}”
      </p>
      {refused && (
        <p>
          {text.cancelAnswer} <Time value={refused.at} />: “{refused.reason}”
        </p>
      )}
    </Notice>
  );
}

/** Cancels it while nobody holds it; otherwise asks the pharmacy that does. */
function Cancel({ id, held }: { id: string; held: boolean }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const recording = useRecording();

  const cancel = async (reason: string) => {
    const kind = held ? 'requestCancel' : 'cancel';
    await recording.record(id, reason, async () => ({ intent: { kind, id, reason } }));
    toast.success(held ? text.cancelRequested : text.cancelled);
    router.refresh();
  };

  return (
    <div>
      <Button look="danger" icon={Ban} onClick={() => setOpen(true)}>
        {held ? text.cancelRequest : text.cancel}
      </Button>
      {open && (
        <ReasonDialog
          title={held ? text.cancelRequestTitle : text.cancelTitle}
          body={held ? text.cancelRequestBody : text.cancelBody}
          label={text.cancelReason}
          hint={text.cancelReasonHint}
          action={held ? text.cancelRequestDo : text.cancelDo}
          dismiss={text.cancelKeep}
          icon={Ban}
          onReason={cancel}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  );
}
