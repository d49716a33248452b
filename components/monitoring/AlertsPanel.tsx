'use client';

import { BellRing } from 'lucide-react';
import { useState } from 'react';
import type { AlertOutcome } from '#chaincode/model/alert.ts';
import { Empty } from '#components/ui/Empty.tsx';
import type { Problem } from '#components/ui/errors.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import { AlertCard } from './AlertCard.tsx';
import { type AlertView, isOpen, isWaiting } from './alertView.ts';
import { CloseAlertDialog } from './CloseAlertDialog.tsx';

const text = t.monitoringPages.alerts;

/** An alert with whose it is. */
export interface ListedAlert {
  alert: AlertView;
  /** Named where several patients' alerts stand together. */
  patientName?: string;
}

/** Open alerts, those nobody looks after first; with `answer`, what can be done about each. */
export function AlertsPanel({
  alerts,
  busy = null,
  problem = null,
  answer,
  empty = true,
}: {
  alerts: readonly ListedAlert[];
  busy?: string | null;
  problem?: Problem | null;
  answer?: { acknowledge: (id: string) => void; close: (id: string, outcome: AlertOutcome) => Promise<void> };
  /** Whether it is said that there is none. */
  empty?: boolean;
}) {
  const now = useNow(15_000);
  const [closing, setClosing] = useState<string | null>(null);
  const open = alerts
    .filter(({ alert }) => isOpen(alert))
    .sort((a, b) => Number(isWaiting(b.alert)) - Number(isWaiting(a.alert)));
  const closed = alerts.filter(({ alert }) => !isOpen(alert)).slice(0, 10);
  if (open.length === 0 && closed.length === 0 && !empty && problem === null) return null;
  return (
    <Panel labelledBy="alerts">
      <PanelHead id="alerts" icon={BellRing} title={text.title} />
      {problem && (
        <div className="mb-3">
          <ProblemNotice problem={problem} />
        </div>
      )}
      {open.length === 0 ? (
        <Empty icon={BellRing} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <ul aria-label={text.open} className="grid gap-3 xl:grid-cols-2">
          {open.map(({ alert, patientName }) => (
            <li key={alert.id}>
              <AlertCard
                alert={alert}
                now={now}
                busy={busy === alert.id}
                {...(patientName !== undefined && { patientName })}
                {...(answer && isWaiting(alert) && { onAcknowledge: () => answer.acknowledge(alert.id) })}
                {...(answer && alert.state === 'acknowledged' && { onClose: () => setClosing(alert.id) })}
              />
            </li>
          ))}
        </ul>
      )}
      {closed.length > 0 && (
        <details className="mt-4">
          <summary className="cursor-pointer text-sm font-semibold text-ink-2">{text.history}</summary>
          <ul className="mt-3 grid gap-3 xl:grid-cols-2">
            {closed.map(({ alert, patientName }) => (
              <li key={alert.id}>
                <AlertCard alert={alert} now={now} {...(patientName !== undefined && { patientName })} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {closing !== null && answer && (
        <CloseAlertDialog onClose={() => setClosing(null)} close={(outcome) => answer.close(closing, outcome)} />
      )}
    </Panel>
  );
}
