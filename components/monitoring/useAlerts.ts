'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { AlertOutcome } from '#chaincode/model/alert.ts';
import { useSigned } from '#components/signing/useSigned.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { listAlerts } from '#server/alerts/actions.ts';
import type { AlertView } from '#server/alerts/schema.ts';

const text = t.monitoringPages.alerts;

const order: readonly AlertView['state'][] = ['raised', 'escalated', 'acknowledged', 'closed'];

/** What was asked earlier may be answered later, by the page's own loading above all: an alert never goes back to a state before. */
function latest(was: readonly AlertView[], next: AlertView[]): AlertView[] {
  const known = new Map(was.map((alert) => [alert.id, alert]));
  return next.map((alert) => {
    const before = known.get(alert.id);
    return before !== undefined && order.indexOf(before.state) > order.indexOf(alert.state) ? before : alert;
  });
}

/**
 * Alerts of one patient, or of all whom the person watches, and the ways to answer them. `onNew` is told of one that nobody has
 * seen here yet.
 */
export function useAlerts(first: AlertView[], patient: string | undefined, onNew: () => void) {
  const signed = useSigned();
  const [alerts, setAlerts] = useState(first);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const known = useRef(new Set(first.map(({ id }) => id)));
  useEffect(() => {
    setAlerts((was) => latest(was, first));
    for (const { id } of first) known.current.add(id);
  }, [first]);

  const refresh = useCallback(async () => {
    try {
      const which = 'all' as const;
      const found = expectData(await listAlerts(patient === undefined ? { which } : { which, patient }));
      setAlerts((was) => latest(was, found));
      const fresh = found.filter(({ id, state }) => !known.current.has(id) && state !== 'closed');
      for (const { id } of found) known.current.add(id);
      if (fresh.length > 0) onNew();
      setProblem(null);
    } catch (thrown) {
      setProblem(problemOf(thrown, 'OFFLINE'));
    }
  }, [patient, onNew]);

  const acknowledge = async (id: string) => {
    setBusy(id);
    setProblem(null);
    try {
      await signed({ kind: 'alerts:acknowledge', id }, { sheet: 'factorOnly' });
      toast.success(text.acknowledged);
      await refresh();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(null);
    }
  };
  const close = async (id: string, outcome: AlertOutcome) => {
    await signed({ kind: 'alerts:close', id, outcome }, { sheet: 'factorOnly' });
    toast.success(text.closed);
    await refresh();
  };
  return { alerts, busy, problem, refresh, acknowledge, close };
}
