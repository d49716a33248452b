'use client';

import { CircleCheck, FileText, ListChecks } from 'lucide-react';
import Link from 'next/link';
import { PrescriptionTable } from '#components/prescriptions/PrescriptionTable.tsx';
import { useContents } from '#components/prescriptions/useContents.ts';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import type { SagaView } from '#server/transactions/schema.ts';
import { WaitingFlow } from './WaitingFlow.tsx';

const text = t.prescribing.today;

/** What waits for the doctor, and what was prescribed last. */
export function Today({ sagas, prescriptions }: { sagas: SagaView[]; prescriptions: PrescriptionSummary[] }) {
  const contentOf = useContents(prescriptions, 'author');
  return (
    <div className="space-y-5">
      <UnlockNotice />
      <Panel>
        <PanelHead title={text.waiting} remark={text.waitingRemark} icon={ListChecks} />
        {sagas.length === 0 ? (
          <p className="flex items-start gap-2.5 text-sm text-ink-2">
            <CircleCheck size={18} aria-hidden className="mt-0.5 shrink-0 text-ok" />
            <span>
              <strong className="text-ink">{text.waitingEmpty}.</strong> {text.waitingEmptyBody}
            </span>
          </p>
        ) : (
          <ul className="divide-y divide-line">
            {sagas.map((saga) => (
              <WaitingFlow
                key={saga.id}
                saga={saga}
                patient={prescriptions.find(({ id }) => id === saga.subject)?.patient?.name}
              />
            ))}
          </ul>
        )}
      </Panel>
      <Panel>
        <PanelHead
          title={text.recent}
          icon={FileText}
          aside={
            prescriptions.length > 0 && (
              <Link
                href="/doctor/prescriptions"
                className="text-sm font-semibold text-brand underline underline-offset-3"
              >
                {text.recentAll}
              </Link>
            )
          }
        />
        {prescriptions.length === 0 ? (
          <Empty icon={FileText} title={text.recentEmpty}>
            {text.recentEmptyBody}
          </Empty>
        ) : (
          <PrescriptionTable prescriptions={prescriptions} contentOf={contentOf} />
        )}
      </Panel>
    </div>
  );
}
