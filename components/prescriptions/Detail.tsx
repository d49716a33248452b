'use client';

import { Ban, MessageSquareQuote, PackageOpen } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { useRecording } from '#components/signing/useRecording.ts';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Facts } from '#components/ui/Facts.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { ContentName } from './ContentName.tsx';
import { quantityText } from './content.ts';
import { ProofButton, proofOf } from './ProofDrawer.tsx';
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
              ...(prescription.reason ? [{ name: text.reason, value: prescription.reason }] : []),
            ]}
          />
          {prescription.state === 'active' && <Cancel id={prescription.id} />}
          {(prescription.state === 'accepted' || prescription.state === 'partial') && (
            <p className="mt-4 text-sm text-ink-2">{text.cancelNotNow}</p>
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
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
    </div>
  );
}

function Cancel({ id }: { id: string }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const recording = useRecording();

  const cancel = async (reason: string) => {
    await recording.record(id, reason, async () => ({ intent: { kind: 'cancel', id, reason } }));
    toast.success(text.cancelled);
    router.refresh();
  };

  return (
    <div className="mt-4">
      <Button look="danger" icon={Ban} onClick={() => setOpen(true)}>
        {text.cancel}
      </Button>
      {open && (
        <ReasonDialog
          title={text.cancelTitle}
          body={text.cancelBody}
          label={text.cancelReason}
          hint={text.cancelReasonHint}
          action={text.cancelDo}
          dismiss={text.cancelKeep}
          icon={Ban}
          onReason={cancel}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  );
}
