'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { OlderEntries } from '#components/chart/Chart.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import type { ChartCategory } from '#components/vault/chartOperations.ts';
import { vaultClient } from '#components/vault/client.ts';
import type { OpenedRecord } from '#components/vault/records.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import type { FirstScreen, Shown } from '#fhir/chart/screen.ts';

export interface OpenChart {
  record: OpenedRecord;
  screen: FirstScreen;
  categories: ChartCategory[];
}

export type ChartState =
  | { state: 'locked' }
  | { state: 'opening' }
  | { state: 'failed'; problem: Problem }
  | { state: 'open'; chart: OpenChart };

/**
 * Opens a record once the keys are open and reads its first screen; older entries when they are asked for. `open` must stay
 * the same while it means the same record.
 */
export function useChart(open: () => Promise<OpenedRecord>): ChartState & { older: OlderEntries; reload: () => void } {
  const vault = useVault();
  const [state, setState] = useState<ChartState>({ state: 'opening' });
  const [entries, setEntries] = useState<Shown[] | null>(null);
  const [busy, setBusy] = useState(false);
  const turn = useRef(0);
  const isOpen = vault.state === 'open';

  const load = useCallback(async () => {
    const mine = ++turn.current;
    setEntries(null);
    try {
      const record = await open();
      const { screen, categories } = await vaultClient().call('openChart', record.source);
      if (mine === turn.current) setState({ state: 'open', chart: { record, screen, categories } });
    } catch (thrown) {
      if (mine === turn.current) setState({ state: 'failed', problem: problemOf(thrown) });
    }
  }, [open]);

  useEffect(() => {
    if (isOpen) {
      setState({ state: 'opening' });
      void load();
    } else {
      turn.current += 1;
      setState(vault.state === 'opening' ? { state: 'opening' } : { state: 'locked' });
      setEntries(null);
    }
  }, [isOpen, vault.state, load]);

  const chart = state.state === 'open' ? state.chart : undefined;
  const loadOlder = useCallback(async () => {
    if (chart === undefined) return;
    setBusy(true);
    try {
      setEntries(await vaultClient().call('readTimeline', chart.record.source));
    } catch (thrown) {
      setState({ state: 'failed', problem: problemOf(thrown) });
    } finally {
      setBusy(false);
    }
  }, [chart]);

  const more = chart?.categories.some((read) => 'segments' in read && read.segments.length > 0) === true;
  return { ...state, older: { entries, more, busy, load: loadOlder }, reload: load };
}
