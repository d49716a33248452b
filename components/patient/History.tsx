'use client';

import { Ban, FilePenLine, History as HistoryIcon, PackageCheck, Store } from 'lucide-react';
import type { ReactNode } from 'react';
import { ContentName } from '#components/prescriptions/ContentName.tsx';
import { type ContentState, quantityText } from '#components/prescriptions/content.ts';
import { isEnded } from '#components/prescriptions/isEnded.ts';
import { ReceiptButton } from '#components/prescriptions/ReceiptButton.tsx';
import { StatePill } from '#components/prescriptions/StatePill.tsx';
import { useContents } from '#components/prescriptions/useContents.ts';
import { Page } from '#components/shell/Page.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel } from '#components/ui/Panel.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { DispensedPacks } from './DispensedPacks.tsx';

const text = t.prescriptions.patient;

/** Every prescription of the patient with what happened to it, newest first. */
export function History({ prescriptions }: { prescriptions: PrescriptionSummary[] }) {
  const contentOf = useContents(prescriptions, 'patient');
  return (
    <Page title={text.history} width="reading">
      <div className="space-y-5">
        <UnlockNotice />
        {prescriptions.length === 0 && (
          <Panel>
            <Empty icon={HistoryIcon} title={text.historyEmpty}>
              {text.historyEmptyBody}
            </Empty>
          </Panel>
        )}
        {prescriptions.map((prescription) => (
          <Panel key={prescription.id} as="article">
            <div className="mb-3 flex flex-wrap items-start justify-between gap-2">
              <h2 className="text-lg leading-snug font-bold">
                <ContentName content={contentOf(prescription.id)} />
              </h2>
              <StatePill state={prescription.state} />
            </div>
            <Events prescription={prescription} content={contentOf(prescription.id)} />
            {isEnded(prescription) && (
              <div className="mt-4 space-y-3">
                <ReceiptButton id={prescription.id} />
              </div>
            )}
          </Panel>
        ))}
      </div>
    </Page>
  );
}

function Events({ prescription, content }: { prescription: PrescriptionSummary; content: ContentState }) {
  const amount = (quantity: number) =>
    content.state === 'open' ? quantityText(content.content.request, quantity) : formatNumber(quantity);
  const { author, holder, dispenses, state, reason } = prescription;
  return (
    <ul className="space-y-2.5">
      <Event icon={<FilePenLine size={18} aria-hidden />} at={prescription.authoredOn}>
        {text.events.signed(author.name)}
      </Event>
      {dispenses.map((dispense) => (
        <Event key={dispense.id} icon={<PackageCheck size={18} aria-hidden />} at={dispense.at}>
          {text.events.dispensed(dispense.institution, amount(dispense.quantity))}
          {content.state === 'open' && <DispensedPacks prescriptionId={prescription.id} dispense={dispense} />}
        </Event>
      ))}
      {holder && (
        <Event icon={<Store size={18} aria-hidden />} at={holder.since}>
          {text.events.held(holder.institution)}
        </Event>
      )}
      {state === 'cancelled' && (
        <Event icon={<Ban size={18} aria-hidden />}>
          {text.events.cancelled}
          {reason && `: ${reason}`}
        </Event>
      )}
      {state === 'completed' && (
        <Event icon={<PackageCheck size={18} aria-hidden />}>
          {reason ? text.events.closed(reason) : text.events.completed}
        </Event>
      )}
    </ul>
  );
}

function Event({ icon, at, children }: { icon: ReactNode; at?: string; children: ReactNode }) {
  return (
    <li className="flex items-start gap-3">
      <span className="mt-0.5 shrink-0 text-ink-2">{icon}</span>
      <span className="min-w-0 flex-1">{children}</span>
      {at && (
        <span className="text-sm whitespace-nowrap text-ink-2">
          <Time value={at} />
        </span>
      )}
    </li>
  );
}
