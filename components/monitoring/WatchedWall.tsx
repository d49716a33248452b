'use client';

import { LoaderCircle } from 'lucide-react';
import { useMemo, useSyncExternalStore } from 'react';
import { formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { SeriesName } from '#monitoring/catalogue.ts';
import { spansOfReadings } from '#monitoring/downsample.ts';
import { scoreOf } from '#monitoring/news2.ts';
import type { AlertView } from '#server/alerts/schema.ts';
import type { CircleFacts } from '#server/circles/schema.ts';
import { alertOf } from './alertsOf.ts';
import { type FeedState, newestOf } from './feedState.ts';
import { PatientWall } from './PatientWall.tsx';
import type { PatientFeed } from './patientFeed.ts';
import { addressOf, type WallPatient } from './wallPatient.ts';

/** What a tile draws, the first of these that there is. */
const sparks: readonly SeriesName[] = ['heartRate', 'saturation', 'systolic', 'temperature', 'glucose', 'weight'];

/** A patient for the wall, of what was opened. */
export function wallPatientOf(
  facts: CircleFacts,
  state: FeedState,
  alerts: readonly AlertView[],
  now: number,
): WallPatient {
  const { pseudonym, name } = facts.patient;
  const newest = newestOf(state.readings);
  const terms = state.plan?.opened?.terms;
  const spark = sparks
    .map((series) => ({ name: series, spans: spansOfReadings(state.readings, series) }))
    .find(({ spans }) => spans.length > 1);
  return {
    ...{ id: pseudonym, name: name ?? pseudonym, href: addressOf(pseudonym), newest },
    alerts: alerts
      .filter(({ patient }) => patient.pseudonym === pseudonym)
      .map((alert) => alertOf(alert, state.alerts)),
    ...(terms?.news2 && { score: scoreOf(newest, terms.news2, now) }),
    ...(terms && { limits: terms.limits }),
    ...(spark && { spark }),
    isSealed: state.entry.state !== 'in' && state.entry.state !== 'entering',
  };
}

const never = () => () => {};

/** The states of all feeds; the same list for as long as none of them has changed. */
function useStates(feeds: readonly PatientFeed[] | null): ReadonlyMap<string, FeedState> {
  const store = useMemo(() => {
    let kept = new Map<string, FeedState>();
    return {
      subscribe: (listener: () => void) => {
        const stops = (feeds ?? []).map((feed) => feed.subscribe(listener));
        return () => {
          for (const stop of stops) stop();
        };
      },
      states: () => {
        const present = (feeds ?? []).map((feed) => [feed.patient, feed.state()] as const);
        if (present.some(([patient, state]) => kept.get(patient) !== state)) kept = new Map(present);
        return kept;
      },
    };
  }, [feeds]);
  return useSyncExternalStore(feeds === null ? never : store.subscribe, store.states, store.states);
}

const hasEntered = ({ entry }: FeedState) => entry.state !== 'entering';

/** Everybody whom the clinician watches, worst first, as readings come. */
export function WatchedWall({
  circles,
  feeds,
  alerts,
  now,
  empty,
}: {
  circles: readonly CircleFacts[];
  feeds: readonly PatientFeed[] | null;
  alerts: readonly AlertView[];
  now: number;
  empty: FeedState;
}) {
  const states = useStates(feeds);
  const patients = useMemo(
    () => circles.map((facts) => wallPatientOf(facts, states.get(facts.patient.pseudonym) ?? empty, alerts, now)),
    [circles, states, alerts, now, empty],
  );
  const entering = feeds === null ? 0 : circles.length - [...states.values()].filter(hasEntered).length;
  return (
    <>
      {entering > 0 && (
        <p role="status" className="flex items-center gap-2 text-sm text-ink-2">
          <LoaderCircle size={16} aria-hidden className="animate-spin" />
          {t.monitoringPages.wall.entering(entering, formatNumber(entering))}
        </p>
      )}
      <PatientWall patients={patients} />
    </>
  );
}
