'use client';

import { CircleCheck, KeyRound, OctagonAlert } from 'lucide-react';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import type { AdverseEventContent } from '#fhir/adverseEvent.ts';
import { t } from '#messages/en.ts';
import type { ReportView } from '#server/adverseEvents/schema.ts';
import { clustersOf } from './clusters.ts';
import { useOpenedReports } from './useOpenedReports.ts';

const text = t.adverseEvents.batches;

/** Batches that several reports name, out of reports that are open. */
export function BatchList({ events }: { events: readonly AdverseEventContent[] }) {
  const clusters = clustersOf(events);
  return (
    <Panel labelledBy="batches">
      <PanelHead id="batches" title={text.title} icon={OctagonAlert} />
      {clusters.length === 0 ? (
        <Empty icon={CircleCheck} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {clusters.map(({ medicine, name, batch, reports, serious }) => (
            <li
              key={`${medicine} ${batch}`}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5"
            >
              <div className="min-w-0">
                <p className="font-bold first-letter:uppercase">{name}</p>
                <p className="text-sm text-ink-2">{text.batch(batch)}</p>
              </div>
              <Pill tone={serious > 0 ? 'danger' : 'warn'} icon={OctagonAlert}>
                {text.line(reports.length, serious)}
              </Pill>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** The same on the dashboard, where reports are opened on demand. */
export function BatchPanel({ reports, institution }: { reports: readonly ReportView[]; institution: string }) {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const { opened, problem, busy, open } = useOpenedReports(reports, institution);
  const isOpen = vault.state === 'open';
  if (opened !== null && isOpen) {
    return <BatchList events={[...opened.values()].flatMap(([first]) => first?.event ?? [])} />;
  }
  return (
    <Panel labelledBy="batches">
      <PanelHead
        id="batches"
        title={text.title}
        icon={OctagonAlert}
        aside={
          <LinkButton size="sm" href="/regulator/adverse-events">
            {t.adverseEvents.queue.title}
          </LinkButton>
        }
      />
      <p className="text-sm text-ink-2">{isOpen ? text.noneBody : text.locked}</p>
      {problem && <ProblemNotice problem={problem} />}
      <div className="mt-3">
        <Button icon={KeyRound} busy={busy} onClick={() => (isOpen ? void open() : openDialog())}>
          {isOpen ? text.show : t.adverseEvents.queue.unlock}
        </Button>
      </div>
    </Panel>
  );
}
