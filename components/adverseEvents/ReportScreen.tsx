'use client';

import { KeyRound, MessageSquareWarning } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { ReportView } from '#server/adverseEvents/schema.ts';
import { OwnReports } from './OwnReports.tsx';
import { ReportForm, type ReportStart } from './ReportForm.tsx';

const text = t.adverseEvents;

/** Reports an adverse event, and shows what became of the reports before. */
export function ReportScreen({
  patient,
  recorder,
  start,
  reports,
}: {
  patient?: { pseudonym: string; name: string };
  recorder: string;
  start: ReportStart;
  reports: readonly ReportView[];
}) {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const router = useRouter();
  return (
    <div className="space-y-5">
      <Panel labelledBy="report-form">
        <PanelHead id="report-form" title={text.form.title} icon={MessageSquareWarning} />
        {vault.state === 'open' ? (
          <ReportForm
            {...(patient !== undefined && { patient })}
            recorder={recorder}
            start={start}
            onDone={() => router.refresh()}
          />
        ) : (
          <div className="space-y-3">
            <p className="text-sm text-ink-2">{text.form.body}</p>
            <Button look="primary" icon={KeyRound} busy={vault.state === 'opening'} onClick={openDialog}>
              {text.queue.unlock}
            </Button>
          </div>
        )}
      </Panel>
      <OwnReports reports={reports} />
    </div>
  );
}
