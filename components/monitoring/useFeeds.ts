'use client';

import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import type { Names } from '#components/signing/wordsOf.ts';
import { vaultClient } from '#components/vault/client.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { circlePort } from './circlePort.ts';
import { emptyFeed, type FeedState } from './feedState.ts';
import { PatientFeed } from './patientFeed.ts';
import { type LiveConnection, type TelemetryChange, useTelemetryStream } from './useTelemetryStream.ts';

export interface Feeds {
  /** Null while the keys are locked. */
  feeds: readonly PatientFeed[] | null;
  connection: LiveConnection;
}

export interface FeedOptions {
  /** Told of a change of alerts, also of patients who are not in the list yet; the same function as long as it does the same. */
  onAlert?: () => void;
  /** Likewise of a circle. */
  onCircle?: (patient: string) => void;
  /** How far back readings are asked for; a day where it is left out. */
  readingsMs?: number;
}

const never = () => () => {};

/**
 * Feeds of patients for as long as the page is open and the keys are: each enters its circle, one after the other, and hears
 * what comes. `patients` are pseudonyms, the same list as long as they are the same.
 */
export function useFeeds(
  patients: readonly string[],
  names: Names,
  { onAlert, onCircle, readingsMs }: FeedOptions,
): Feeds {
  const vault = useVault();
  const signed = useSigned();
  const { subjectId: self } = usePerson();
  const [feeds, setFeeds] = useState<readonly PatientFeed[] | null>(null);
  const isOpen = vault.state === 'open';
  const list = patients.join();

  useEffect(() => {
    if (!isOpen) return setFeeds(null);
    const ids = list === '' ? [] : list.split(',');
    const made = ids.map(
      (patient) =>
        new PatientFeed(patient, {
          ...{ vault: vaultClient(), circle: circlePort(signed, names), self },
          ...(readingsMs !== undefined && { readingsMs }),
        }),
    );
    setFeeds(made);
    let current = true;
    const enter = async () => {
      for (const feed of made) if (current) await feed.enter();
    };
    void enter();
    return () => {
      current = false;
      for (const feed of made) feed.stop();
    };
  }, [isOpen, list, names, self, signed, readingsMs]);

  const onChange = useCallback(
    (change: TelemetryChange) => {
      for (const feed of feeds ?? []) {
        if (change.about === 'again') void feed.follow();
        else if (change.patient !== feed.patient) continue;
        // Nobody looks: what comes is opened later, and a page that was left does not keep the keys in use.
        else if (change.about === 'frames' && !document.hidden) void feed.hear(change.kind);
        else if (change.about === 'circle') void feed.follow();
      }
      if (change.about === 'alert' || change.about === 'again') onAlert?.();
      if (change.about === 'circle') onCircle?.(change.patient);
    },
    [feeds, onAlert, onCircle],
  );
  useEffect(() => {
    const look = () => {
      if (!document.hidden) for (const feed of feeds ?? []) void feed.catchUp();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [feeds]);
  const connection = useTelemetryStream(onChange, isOpen);
  return useMemo(() => ({ feeds, connection }), [feeds, connection]);
}

/** What a feed knows now; what a feed knows at first, where there is none. */
export function useFeed(feed: PatientFeed | undefined): FeedState {
  return useSyncExternalStore(feed?.subscribe ?? never, feed?.state ?? (() => emptyFeed), () => emptyFeed);
}
