'use client';

import { BellRing, HeartPulse } from 'lucide-react';
import { useCallback } from 'react';
import { Ago } from '#components/ui/Ago.tsx';
import { LinkButton } from '#components/ui/Button.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import { rankOf } from '#monitoring/plan.ts';
import type { AlertView } from '#server/alerts/schema.ts';
import { isOpen, isWaiting } from './alertView.ts';
import { LevelPill } from './LevelPill.tsx';
import { useAlerts } from './useAlerts.ts';
import { useNotifications } from './useNotifications.ts';
import { useTelemetryStream } from './useTelemetryStream.ts';
import { addressOf } from './wallPatient.ts';

const text = t.monitoringPages.alerts;

/** Open alerts of those whom the doctor watches, by name and level alone: what they are about is behind the keys. Nothing where there is none. */
export function OpenAlerts({ first }: { first: AlertView[] }) {
  const now = useNow(15_000);
  const { notify } = useNotifications('/doctor/monitoring');
  const { alerts, refresh } = useAlerts(first, undefined, notify);
  useTelemetryStream(
    useCallback(
      ({ about }) => {
        if (about === 'alert' || about === 'again') void refresh();
      },
      [refresh],
    ),
    true,
  );
  const open = alerts
    .filter(isOpen)
    .sort((a, b) => Number(isWaiting(b)) - Number(isWaiting(a)) || rankOf(a.level) - rankOf(b.level));
  if (open.length === 0) return null;
  return (
    <Panel labelledBy="open-alerts">
      <PanelHead
        id="open-alerts"
        icon={BellRing}
        title={text.watched}
        aside={
          <LinkButton size="sm" icon={HeartPulse} href="/doctor/monitoring">
            {t.monitoringPages.wall.title}
          </LinkButton>
        }
      />
      <ul className="divide-y divide-line">
        {open.map((alert) => (
          <li key={alert.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <LevelPill level={alert.level} />
            <div className="min-w-0 flex-1 basis-48">
              <p className="font-bold break-words">{alert.patient.name ?? alert.patient.pseudonym}</p>
              <p className="text-sm text-ink-2">
                <Ago value={alert.raisedAt} now={now} />
              </p>
            </div>
            <Pill>{t.monitoring.alert.states[alert.state]}</Pill>
            <LinkButton size="sm" icon={HeartPulse} href={addressOf(alert.patient.pseudonym)}>
              {text.look}
            </LinkButton>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
