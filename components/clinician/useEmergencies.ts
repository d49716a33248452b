'use client';

import { useCallback, useEffect, useState } from 'react';
import { expectData } from '#components/vault/errors.ts';
import { listEmergencies } from '#server/access/actions.ts';
import type { EmergencyView } from '#server/access/schema.ts';

const everyMs = 5_000;

/**
 * The institution's open emergencies, asked again every few seconds while the page is looked at and `active`: whoever waits for
 * a second doctor sees the confirmation come.
 */
export function useEmergencies(
  first: EmergencyView[],
  active: boolean,
): { emergencies: EmergencyView[]; failed: boolean; ask: () => Promise<void>; add: (stated: EmergencyView) => void } {
  const [emergencies, setEmergencies] = useState(first);
  const [failed, setFailed] = useState(false);

  const ask = useCallback(async () => {
    if (document.hidden) return;
    try {
      const found = expectData(await listEmergencies({ which: 'open' }));
      // One that was just stated may not have been followed yet.
      setEmergencies((before) => [
        ...found,
        ...before.filter(({ id, at }) => isNew(at) && !found.some((one) => one.id === id)),
      ]);
      setFailed(false);
    } catch {
      // What was known before stays on the screen, and that it may be old is said there.
      setFailed(true);
    }
  }, []);

  useEffect(() => {
    if (!active) return;
    const stop = new AbortController();
    const timer = setInterval(ask, everyMs);
    document.addEventListener('visibilitychange', ask, { signal: stop.signal });
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [active, ask]);

  const add = useCallback((stated: EmergencyView) => {
    setEmergencies((before) => [stated, ...before.filter(({ id }) => id !== stated.id)]);
  }, []);
  return { emergencies, failed, ask, add };
}

const isNew = (at: string) => Date.now() - Date.parse(at) < 60_000;
