'use client';

import { CircleCheck, FileText } from 'lucide-react';
import Link from 'next/link';
import { WaitingFlows } from '#components/flows/WaitingFlows.tsx';
import { PrescriptionTable } from '#components/prescriptions/PrescriptionTable.tsx';
import { useContents } from '#components/prescriptions/useContents.ts';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary, RenewalSummary } from '#server/prescriptions/schema.ts';
import type { WaitingSaga } from '#server/transactions/schema.ts';
import { Cancellations } from './Cancellations.tsx';
import { Renewals } from './Renewals.tsx';

const text = t.prescribing.today;
const recentLength = 8;

/** What waits for the doctor, and what was prescribed last. */
export function Today({
  sagas,
  prescriptions,
  renewals,
}: {
  sagas: WaitingSaga[];
  /** All of the doctor's, newest first. */
  prescriptions: PrescriptionSummary[];
  renewals: RenewalSummary[];
}) {
  const asked = renewals.filter(({ state }) => state === 'asked');
  const cancelling = prescriptions.filter(({ cancelRequest }) => cancelRequest !== undefined);
  const recent = prescriptions.slice(0, recentLength);
  const needed = new Set([...recent, ...cancelling].map(({ id }) => id).concat(asked.map((each) => each.prescription)));
  const contentOf = useContents(
    prescriptions.filter(({ id }) => needed.has(id)),
    'author',
  );
  return (
    <div className="space-y-5">
      <UnlockNotice />
      <WaitingFlows
        sagas={sagas}
        nameOf={(subject) => prescriptions.find(({ id }) => id === subject)?.patient?.name}
        empty={
          <p className="flex items-start gap-2.5 text-sm text-ink-2">
            <CircleCheck size={18} aria-hidden className="mt-0.5 shrink-0 text-ok" />
            <span>
              <strong className="text-ink">{text.waitingEmpty}.</strong> {text.waitingEmptyBody}
            </span>
          </p>
        }
      />
      <Renewals renewals={asked} contentOf={contentOf} />
      <Cancellations prescriptions={cancelling} contentOf={contentOf} />
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
          <PrescriptionTable prescriptions={recent} contentOf={contentOf} />
        )}
      </Panel>
    </div>
  );
}
