'use client';

import { type ReactNode, useMemo, useState } from 'react';
import { Chart } from '#components/chart/Chart.tsx';
import type { Said } from '#fhir/build.ts';
import type { Shown } from '#fhir/chart/screen.ts';
import { AddButtons } from './AddButtons.tsx';
import { ChartNotices } from './ChartNotices.tsx';
import { EntryDialog } from './EntryDialog.tsx';
import { EntryDrawer } from './EntryDrawer.tsx';
import { gapsOf } from './gaps.ts';
import type { useChart } from './useChart.ts';
import { useDocuments } from './useDocuments.ts';

/** An open record: what could not be opened, the chart, entries and files to add, correct and take back. */
export function RecordBody({
  chart,
  said,
  names,
  owned,
  actions,
}: {
  chart: Extract<ReturnType<typeof useChart>, { state: 'open' }>;
  said: Pick<Said, 'patient' | 'author'>;
  names: Readonly<Record<string, string>>;
  /** Its reader rules it: one's own, or that of somebody represented. Others take back what they wrote themselves. */
  owned: boolean;
  /** Further actions beside those of writing. */
  actions?: ReactNode;
}) {
  const { write, retract } = useDocuments(said.patient, names);
  const [shown, setShown] = useState<Shown | null>(null);
  const [correcting, setCorrecting] = useState<Shown | null>(null);
  const { record, screen } = chart.chart;
  const gaps = useMemo(() => gapsOf(chart.chart), [chart.chart]);
  return (
    <div className="space-y-4">
      <AddButtons said={said} names={names} onAdded={chart.reload}>
        {actions}
      </AddButtons>
      <ChartNotices gaps={gaps} />
      <Chart screen={screen} withheld={gaps.hidden} older={chart.older} onOpen={setShown} />
      {shown && (
        <EntryDrawer
          record={record}
          entry={shown}
          onClose={() => setShown(null)}
          onCorrect={(entry) => {
            setShown(null);
            setCorrecting(entry);
          }}
          mayRetract={(author) => owned || author === said.author.id}
          retract={async (id, reason) => {
            await retract(id, reason);
            chart.reload();
          }}
        />
      )}
      {correcting !== null && (
        <EntryDialog
          open
          onOpenChange={(open) => !open && setCorrecting(null)}
          said={said}
          correcting={correcting}
          record={async (resource) => {
            // The same id in a later document takes the place of the entry before.
            await write({ resources: () => [{ ...resource, id: correcting.r }] });
            chart.reload();
          }}
        />
      )}
    </div>
  );
}
