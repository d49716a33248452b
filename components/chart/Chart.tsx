'use client';

import { LineChart, Pill, ShieldAlert, Stethoscope } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Category } from '#chaincode/model/category.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import type { FirstScreen, Shown } from '#fhir/chart/screen.ts';
import { plottable, seriesOf } from '#fhir/chart/series.ts';
import { t } from '#messages/en.ts';
import { EntryList } from './EntryList.tsx';
import { LatestResults } from './LatestResults.tsx';
import { ResultPlot } from './ResultPlot.tsx';
import { Timeline } from './Timeline.tsx';

/** What older entries bring: null while none were asked for. */
export interface OlderEntries {
  entries: readonly Shown[] | null;
  /** There are some beyond those of the first screen. */
  more: boolean;
  busy: boolean;
  load: () => void;
}

/**
 * A patient's chart, the same for the patient and for clinicians: what counts now, results over time, and everything in its
 * order. `withheld` names every category that the reader may not see.
 */
export function Chart({
  screen,
  withheld,
  older,
  onOpen,
}: {
  screen: FirstScreen;
  withheld: readonly Category[];
  older: OlderEntries;
  onOpen: (entry: Shown) => void;
}) {
  const entries = older.entries ?? screen.newest;
  const known = useMemo(() => [...screen.latest, ...entries], [screen, entries]);
  const [chosen, setChosen] = useState<string>();
  const code = chosen ?? plottable(known)[0]?.code;
  const series = useMemo(() => (code === undefined ? undefined : seriesOf(distinct(known), code)), [known, code]);
  const choose = (next: string) => {
    setChosen(next);
    if (older.entries === null && older.more) older.load();
  };
  return (
    <div className="space-y-4">
      <div className="grid gap-4 lg:grid-cols-3">
        <EntryList list="allergies" icon={ShieldAlert} entries={screen.allergies} withheld={withheld} onOpen={onOpen} />
        <EntryList list="problems" icon={Stethoscope} entries={screen.problems} withheld={withheld} onOpen={onOpen} />
        <EntryList list="medicines" icon={Pill} entries={screen.medicines} withheld={withheld} onOpen={onOpen} />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-2">
        <LatestResults entries={screen.latest} withheld={withheld} chosen={code} onChoose={choose} />
        {series && (
          <Panel labelledBy="chart-plot">
            <PanelHead id="chart-plot" icon={LineChart} title={t.chart.plot.of(series.name)} />
            <ResultPlot series={series} />
          </Panel>
        )}
      </div>
      <Timeline
        entries={entries}
        more={older.entries === null && older.more}
        busy={older.busy}
        onOlder={older.load}
        onOpen={onOpen}
      />
    </div>
  );
}

/** An entry may be both among the newest and the newest of its code. */
function distinct(entries: readonly Shown[]): Shown[] {
  return [...new Map(entries.map((entry) => [`${entry.d}/${entry.y}/${entry.r}`, entry])).values()];
}
