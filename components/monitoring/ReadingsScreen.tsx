'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { toast } from 'sonner';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { VaultError } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { digestsOf } from '#monitoring/digest.ts';
import type { AlertView } from '#server/alerts/schema.ts';
import { listOffered } from '#server/circles/actions.ts';
import type { CircleFacts, OfferedDevice, SeatView } from '#server/circles/schema.ts';
import { AlertsPanel } from './AlertsPanel.tsx';
import { alertOf } from './alertsOf.ts';
import { CircleNotice } from './CircleNotice.tsx';
import { DayInWords } from './DayInWords.tsx';
import { EcgPanel } from './EcgPanel.tsx';
import { LiveMark } from './LiveMark.tsx';
import { MembersPanel, nameOfSeat } from './MembersPanel.tsx';
import { NotificationAsk } from './NotificationAsk.tsx';
import { PlotsPanel } from './PlotsPanel.tsx';
import { ranges } from './ranges.ts';
import { SeatDeviceDialog } from './SeatDeviceDialog.tsx';
import { SeatDoctorDialog } from './SeatDoctorDialog.tsx';
import { useAlerts } from './useAlerts.ts';
import { useFeed, useFeeds } from './useFeeds.ts';
import { useNotifications } from './useNotifications.ts';

const text = t.monitoringPages;

/** A patient's own readings, or a ward's: the day in words, plots that grow, and who watches. */
export function ReadingsScreen({
  facts,
  name,
  alerts: first,
}: {
  facts: CircleFacts;
  name: string;
  alerts: AlertView[];
}) {
  const { pseudonym } = facts.patient;
  const router = useRouter();
  const signed = useSigned();
  const [dialog, setDialog] = useState<'device' | 'doctor' | null>(null);
  const names = useMemo(
    () => ({ [pseudonym]: name, ...Object.fromEntries(facts.seats.map((seat) => [seat.subject, nameOfSeat(seat)])) }),
    [pseudonym, name, facts.seats],
  );
  const patients = useMemo(() => [pseudonym], [pseudonym]);
  const { state: permission, ask, notify } = useNotifications('/patient/readings');
  const { alerts, refresh } = useAlerts(first, pseudonym, notify);
  const onAlert = useCallback(() => void refresh(), [refresh]);
  // The names of whom a page was opened for do not change while it is open: a seat that is given reads the page anew.
  const [shownNames] = useState(names);
  const onCircle = useCallback(() => router.refresh(), [router]);
  const { feeds, connection } = useFeeds(patients, shownNames, { onAlert, onCircle });
  const [feed] = feeds ?? [];
  const state = useFeed(feed);
  const offered = useOffered(pseudonym, dialog === 'device');

  const seat = async (subject: string, called: string, until: string | undefined) => {
    if (feed === undefined) throw new VaultError('VAULT_LOCKED', 'Your keys are locked.');
    if (feed.state().entry.state === 'none') await feed.enter(true);
    const { entry } = feed.state();
    if (entry.state === 'failed') throw entry.problem;
    const given = { patient: pseudonym, subject, ...(until !== undefined && { until }) };
    await signed(
      { kind: 'circles:seat', seat: given },
      { names: { ...names, [subject]: called }, sheet: 'factorOnly' },
    );
    toast.success(text.members.added(called));
    router.refresh();
  };
  const remove = async (gone: SeatView) => {
    await signed({ kind: 'circles:unseat', patient: pseudonym, subject: gone.subject }, { names, sheet: 'factorOnly' });
    await feed?.follow();
    const { entry } = feed?.state() ?? state;
    const isClean = entry.state === 'in' && entry.unfit.length === 0;
    toast.success(isClean ? text.remove.done : text.remove.half);
    router.refresh();
  };

  const midnight = new Date().setHours(0, 0, 0, 0);
  const limits = state.plan?.opened?.terms.limits;
  const today = useMemo(
    () =>
      digestsOf(
        state.readings.filter(({ at }) => at >= midnight),
        'day',
        limits,
      ),
    [state.readings, midnight, limits],
  );
  return (
    <div className="space-y-5">
      <UnlockNotice />
      {feed && (
        <CircleNotice
          state={state}
          isOwner
          nameOf={(subject) => names[subject] ?? subject}
          onRenew={() => feed.removeUnfit()}
          onRestart={() => feed.enter(false, true)}
        />
      )}
      {feed && state.entry.state === 'in' && (
        <>
          <div className="flex flex-wrap items-center justify-end gap-3">
            <LiveMark connection={connection} />
          </div>
          <AlertsPanel alerts={alerts.map((alert) => ({ alert: alertOf(alert, state.alerts) }))} empty={false} />
          <DayInWords
            parts={today}
            {...(limits && { limits })}
            alerts={alerts.filter(({ at }) => Date.parse(at) >= midnight).length}
          />
        </>
      )}
      <MembersPanel
        facts={facts}
        entry={state.entry}
        {...(feed && {
          manage: { onAddDevice: () => setDialog('device'), onAddDoctor: () => setDialog('doctor'), remove },
        })}
      />
      {feed && state.entry.state === 'in' && (
        <>
          <PlotsPanel
            state={state}
            onRange={(range) => {
              const { of } = ranges[range];
              if (of !== 'readings') void feed.want(of);
            }}
          />
          <EcgPanel readings={state.readings} />
          <NotificationAsk state={permission} ask={ask} />
        </>
      )}
      {dialog === 'device' && <SeatDeviceDialog offered={offered} onClose={() => setDialog(null)} seat={seat} />}
      {dialog === 'doctor' && <SeatDoctorDialog onClose={() => setDialog(null)} seat={seat} />}
    </div>
  );
}

/** Devices that the patient may add, asked for when the form opens; without them one types the number. */
function useOffered(patient: string, asked: boolean): OfferedDevice[] {
  const [offered, setOffered] = useState<OfferedDevice[]>([]);
  useEffect(() => {
    if (!asked) return;
    let current = true;
    listOffered({ patient }).then(
      (answer) => current && answer.ok && setOffered(answer.data),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [patient, asked]);
  return offered;
}
