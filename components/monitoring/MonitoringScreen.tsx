'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useMemo, useState } from 'react';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { useNow } from '#components/ui/useNow.ts';
import type { AlertView } from '#server/alerts/schema.ts';
import type { CircleFacts } from '#server/circles/schema.ts';
import { AlertsPanel } from './AlertsPanel.tsx';
import { alertOf } from './alertsOf.ts';
import { emptyFeed } from './feedState.ts';
import { LiveMark } from './LiveMark.tsx';
import { NotificationAsk } from './NotificationAsk.tsx';
import { useAlerts } from './useAlerts.ts';
import { useFeeds } from './useFeeds.ts';
import { useNotifications } from './useNotifications.ts';
import { WatchedWall } from './WatchedWall.tsx';

/** A tile shows the last hours. */
const wallMs = 6 * 3_600_000;

/** The clinician's wall: open alerts, and everybody who is watched, worst first. */
export function MonitoringScreen({ circles, alerts: first }: { circles: CircleFacts[]; alerts: AlertView[] }) {
  const router = useRouter();
  const now = useNow(30_000);
  const [names] = useState(() =>
    Object.fromEntries(circles.map(({ patient }) => [patient.pseudonym, patient.name ?? patient.pseudonym])),
  );
  const list = circles.map(({ patient }) => patient.pseudonym).join();
  const patients = useMemo(() => (list === '' ? [] : list.split(',')), [list]);
  const { state: permission, ask, notify } = useNotifications('/doctor/monitoring');
  const { alerts, busy, problem, refresh, acknowledge, close } = useAlerts(first, undefined, notify);
  const onAlert = useCallback(() => void refresh(), [refresh]);
  const onCircle = useCallback(() => router.refresh(), [router]);
  const { feeds, connection } = useFeeds(patients, names, { onAlert, onCircle, readingsMs: wallMs });
  const contentsOf = (patient: string) =>
    feeds?.find((feed) => feed.patient === patient)?.state().alerts ?? emptyFeed.alerts;
  return (
    <div className="space-y-5">
      <UnlockNotice />
      {feeds && (
        <div className="flex justify-end">
          <LiveMark connection={connection} />
        </div>
      )}
      <AlertsPanel
        alerts={alerts.map((alert) => ({
          alert: alertOf(alert, contentsOf(alert.patient.pseudonym)),
          patientName: alert.patient.name ?? alert.patient.pseudonym,
        }))}
        busy={busy}
        problem={problem}
        answer={{ acknowledge: (id) => void acknowledge(id), close }}
        empty={circles.length > 0}
      />
      <WatchedWall circles={circles} feeds={feeds} alerts={alerts} now={now} empty={emptyFeed} />
      <NotificationAsk state={permission} ask={ask} />
    </div>
  );
}
