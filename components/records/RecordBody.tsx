'use client';

import { FilePlus2, Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Chart } from '#components/chart/Chart.tsx';
import { Button } from '#components/ui/Button.tsx';
import type { Said } from '#fhir/build.ts';
import type { Shown } from '#fhir/chart/screen.ts';
import { t } from '#messages/en.ts';
import { ChartNotices } from './ChartNotices.tsx';
import { EntryDialog } from './EntryDialog.tsx';
import { EntryDrawer } from './EntryDrawer.tsx';
import { FileDialog } from './FileDialog.tsx';
import type { useChart } from './useChart.ts';
import { useDocuments } from './useDocuments.ts';

const text = t.recordPages;

/** An open record: what could not be opened, the chart, entries and files to add, correct and take back. */
export function RecordBody({
  chart,
  said,
  names,
  actions,
}: {
  chart: Extract<ReturnType<typeof useChart>, { state: 'open' }>;
  said: Pick<Said, 'patient' | 'author'>;
  names: Readonly<Record<string, string>>;
  /** Further actions beside those of writing. */
  actions?: ReactNode;
}) {
  const { write, retract } = useDocuments(said.patient, names);
  const [shown, setShown] = useState<Shown | null>(null);
  const [adding, setAdding] = useState<'entry' | 'file' | null>(null);
  const [correcting, setCorrecting] = useState<Shown | null>(null);
  const { record, screen } = chart.chart;
  const close = () => {
    setAdding(null);
    setCorrecting(null);
  };
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap gap-2">
        <Button look="primary" icon={Plus} onClick={() => setAdding('entry')}>
          {text.add}
        </Button>
        <Button icon={FilePlus2} onClick={() => setAdding('file')}>
          {text.addFile}
        </Button>
        {actions}
      </div>
      <ChartNotices chart={chart.chart} />
      <Chart screen={screen} withheld={record.withheld} older={chart.older} onOpen={setShown} />
      {shown && (
        <EntryDrawer
          record={record}
          entry={shown}
          onClose={() => setShown(null)}
          onCorrect={(entry) => {
            setShown(null);
            setCorrecting(entry);
          }}
          retract={async (id, reason) => {
            await retract(id, reason);
            chart.reload();
          }}
        />
      )}
      <EntryDialog
        open={adding === 'entry' || correcting !== null}
        onOpenChange={(open) => !open && close()}
        said={said}
        correcting={correcting !== null}
        record={async (resource) => {
          // The same id in a later document takes the place of the entry before.
          const written = correcting?.y === resource.resourceType ? { ...resource, id: correcting.r } : resource;
          await write({ resources: () => [written] });
          if (correcting !== null && correcting.y !== resource.resourceType)
            await retract(correcting.d, text.entry.changed);
          chart.reload();
        }}
      />
      {adding === 'file' && (
        <FileDialog
          said={said}
          onClose={close}
          write={async (document, options) => {
            await write(document, options);
            chart.reload();
          }}
        />
      )}
    </div>
  );
}
