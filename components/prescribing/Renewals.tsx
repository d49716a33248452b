'use client';

import { Check, RefreshCw, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { ContentName } from '#components/prescriptions/ContentName.tsx';
import type { ContentState } from '#components/prescriptions/content.ts';
import { SignedSentence } from '#components/prescriptions/SignedSentence.tsx';
import { useRecording } from '#components/signing/useRecording.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { RenewalSummary } from '#server/prescriptions/schema.ts';

const text = t.prescribing.renewals;

/** Renewals that patients and pharmacies ask for: approved or changed on the prescribing page, where they are checked, or denied. */
export function Renewals({
  renewals,
  contentOf,
}: {
  renewals: RenewalSummary[];
  contentOf: (id: string) => ContentState;
}) {
  if (renewals.length === 0) return null;
  return (
    <Panel>
      <PanelHead title={text.title} icon={RefreshCw} remark={formatNumber(renewals.length)} />
      <ul className="divide-y divide-line">
        {renewals.map((renewal) => (
          <Row key={renewal.id} renewal={renewal} content={contentOf(renewal.prescription)} />
        ))}
      </ul>
    </Panel>
  );
}

function Row({ renewal, content }: { renewal: RenewalSummary; content: ContentState }) {
  const { id, patient, by, at } = renewal;
  const router = useRouter();
  const recording = useRecording();
  const [denying, setDenying] = useState(false);
  const name = patient?.name ?? text.aPatient;
  const deny = async (reason: string) => {
    await recording.record(id, reason, async () => ({ intent: { kind: 'denyRenewal', id, reason } }));
    toast.success(text.denied);
    router.refresh();
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-64">
        <p>
          <ContentName content={content} /> · {name}
        </p>
        {content.state === 'open' && (
          <p className="text-sm">
            <SignedSentence request={content.content.request} quoted={false} />
          </p>
        )}
        <p className="text-sm text-ink-2">
          {by.institution ? text.byPharmacy(by.institution) : text.byPatient} <Time value={at} />
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <LinkButton size="sm" icon={Check} href={`/doctor/prescribe?renews=${id}`} aria-label={text.openFor(name)}>
          {text.open}
        </LinkButton>
        <Button size="sm" look="danger" icon={X} onClick={() => setDenying(true)} aria-label={text.denyFor(name)}>
          {text.deny}
        </Button>
      </div>
      {denying && (
        <ReasonDialog
          title={text.denyTitle}
          body={text.denyBody}
          label={text.reason}
          hint={text.reasonHint}
          action={text.deny}
          icon={X}
          onReason={deny}
          onClose={() => setDenying(false)}
        />
      )}
    </li>
  );
}
