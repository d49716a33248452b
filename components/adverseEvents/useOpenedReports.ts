'use client';

import { useCallback, useState } from 'react';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import type { OpenedMessage } from '#components/vault/reportOperations.ts';
import { openReport } from '#components/vault/reports.ts';
import type { ReportView } from '#server/adverseEvents/schema.ts';

/** Opens all reports of a queue with the authority's key; one that does not open keeps no other back. */
export function useOpenedReports(reports: readonly ReportView[], institution: string) {
  const [opened, setOpened] = useState<ReadonlyMap<string, OpenedMessage[]> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const open = useCallback(async () => {
    setBusy(true);
    setProblem(null);
    const found = new Map<string, OpenedMessage[]>();
    for (const report of reports) {
      try {
        found.set(report.id, await openReport(report, institution));
      } catch (thrown) {
        setProblem(problemOf(thrown, 'OFFLINE'));
      }
    }
    setOpened(found);
    setBusy(false);
  }, [reports, institution]);
  return { opened, problem, busy, open };
}
