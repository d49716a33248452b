'use client';

import { Inbox, KeyRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { ReportView } from '#server/adverseEvents/schema.ts';
import { BatchList } from './BatchPanel.tsx';
import { ReportRow } from './ReportRow.tsx';
import { useOpenedReports } from './useOpenedReports.ts';

const text = t.adverseEvents.queue;

/** The authority's reports: opened in the browser, asked back about, assessed and closed. */
export function ReportQueue({ reports, institution }: { reports: readonly ReportView[]; institution: string }) {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const [which, setWhich] = useState<'open' | 'all'>('open');
  const { opened, problem, busy, open } = useOpenedReports(reports, institution);
  const isOpen = vault.state === 'open';
  useEffect(() => {
    if (isOpen) void open();
  }, [isOpen, open]);
  const shown = reports.filter(({ state }) => which === 'all' || state !== 'closed');
  const events = [...(opened?.values() ?? [])].flatMap(([first]) => first?.event ?? []);
  return (
    <div className="space-y-5">
      {isOpen && opened !== null && <BatchList events={events} />}
      <Panel labelledBy="reports">
        <PanelHead id="reports" title={text.title} icon={Inbox} remark={busy ? text.opening : undefined} />
        <p className="max-w-prose text-sm text-ink-2">{text.body}</p>
        <div className="mt-3 flex flex-wrap items-end justify-between gap-3">
          <div className="w-44">
            <SelectField
              label={text.filter}
              options={(['open', 'all'] as const).map((value) => ({ value, label: text.filters[value] }))}
              value={which}
              onChange={setWhich}
            />
          </div>
          {!isOpen && reports.length > 0 && (
            <Button look="primary" icon={KeyRound} busy={vault.state === 'opening'} onClick={openDialog}>
              {text.unlock}
            </Button>
          )}
        </div>
        {problem && (
          <div className="mt-3">
            <ProblemNotice problem={problem} />
          </div>
        )}
        {shown.length === 0 ? (
          <Empty icon={Inbox} title={text.none}>
            {text.noneBody}
          </Empty>
        ) : (
          <ul className="divide-y divide-line">
            {shown.map((report) => {
              const known = opened?.get(report.id);
              return (
                <ReportRow
                  key={report.id}
                  report={report}
                  institution={institution}
                  {...(known !== undefined && { known })}
                />
              );
            })}
          </ul>
        )}
      </Panel>
    </div>
  );
}
