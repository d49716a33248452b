'use client';

import { ArrowLeft } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { LinkButton } from '#components/ui/Button.tsx';
import { t } from '#messages/en.ts';
import type { AlertView } from '#server/alerts/schema.ts';
import type { CircleFacts } from '#server/circles/schema.ts';
import { AlertsPanel } from './AlertsPanel.tsx';
import { alertOf } from './alertsOf.ts';
import { CircleNotice } from './CircleNotice.tsx';
import { EarlierReadings } from './EarlierReadings.tsx';
import { EcgPanel } from './EcgPanel.tsx';
import { LiveMark } from './LiveMark.tsx';
import { MembersPanel, nameOfSeat } from './MembersPanel.tsx';
import { NewestPanel } from './NewestPanel.tsx';
import { PlanPanel } from './PlanPanel.tsx';
import { PlotsPanel } from './PlotsPanel.tsx';
import { ranges } from './ranges.ts';
import { useAlerts } from './useAlerts.ts';
import { useFeed, useFeeds } from './useFeeds.ts';
import { useNotifications } from './useNotifications.ts';

/** One patient whom a clinician watches: alerts, newest values, plots, the plan and the circle. */
export function WatchedPatient({
  facts,
  alerts: first,
  institution,
}: {
  facts: CircleFacts;
  alerts: AlertView[];
  /** The clinician's own. */
  institution: string | undefined;
}) {
  const { pseudonym } = facts.patient;
  const { subjectId: self } = usePerson();
  const router = useRouter();
  const signed = useSigned();
  const names = useMemo(
    () => ({
      [pseudonym]: facts.patient.name ?? pseudonym,
      ...Object.fromEntries(facts.seats.map((seat) => [seat.subject, nameOfSeat(seat)])),
    }),
    [pseudonym, facts],
  );
  const [firstNames] = useState(names);
  const patients = useMemo(() => [pseudonym], [pseudonym]);
  const { notify } = useNotifications(`/doctor/monitoring/${pseudonym}`);
  const { alerts, busy, problem, refresh, acknowledge, close } = useAlerts(first, pseudonym, notify);
  const onAlert = useCallback(() => void refresh(), [refresh]);
  // Read anew, the page of somebody who has just left would say that there is no such patient.
  const isLeaving = useRef(false);
  const onCircle = useCallback(() => {
    if (!isLeaving.current) router.refresh();
  }, [router]);
  const { feeds, connection } = useFeeds(patients, firstNames, { onAlert, onCircle });
  const [feed] = feeds ?? [];
  const state = useFeed(feed);
  const isIn = feed !== undefined && state.entry.state === 'in';
  const people = facts.seats
    .filter(({ kind, state: seat }) => kind === 'clinician' && seat === 'active')
    .map((seat) => ({ id: seat.subject, name: nameOfSeat(seat) }));
  const leave = async () => {
    isLeaving.current = true;
    try {
      await signed({ kind: 'circles:unseat', patient: pseudonym, subject: self }, { names, sheet: 'factorOnly' });
    } catch (error) {
      isLeaving.current = false;
      throw error;
    }
    toast.success(t.monitoringPages.leave.done);
    router.push('/doctor/monitoring');
  };

  return (
    <div className="space-y-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <LinkButton size="sm" icon={ArrowLeft} href="/doctor/monitoring">
          {t.monitoringPages.wall.title}
        </LinkButton>
        {isIn && <LiveMark connection={connection} />}
      </div>
      <UnlockNotice />
      {feed && (
        <CircleNotice
          state={state}
          isOwner={false}
          nameOf={(subject) => names[subject] ?? subject}
          onRenew={() => feed.removeUnfit()}
        />
      )}
      <AlertsPanel
        alerts={alerts.map((alert) => ({ alert: alertOf(alert, state.alerts) }))}
        busy={busy}
        problem={problem}
        answer={{ acknowledge: (id) => void acknowledge(id), close }}
        empty={false}
      />
      {isIn && (
        <>
          <EarlierReadings feed={feed} locked={state.locked} institution={institution} names={names} />
          <NewestPanel patient={pseudonym} state={state} />
          <PlotsPanel
            state={state}
            onRange={(range) => {
              const { of } = ranges[range];
              if (of !== 'readings') void feed.want(of);
            }}
          />
          <EcgPanel readings={state.readings} />
          <PlanPanel
            patient={pseudonym}
            state={state}
            people={people}
            names={names}
            self={self}
            onSet={() => void feed.follow()}
          />
        </>
      )}
      <MembersPanel facts={facts} entry={state.entry} {...(feed && { own: { subject: self, leave } })} />
    </div>
  );
}
