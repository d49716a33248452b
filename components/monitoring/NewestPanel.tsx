'use client';

import { BadgeCheck, HeartPulse } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Ago } from '#components/ui/Ago.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import { type MeasureName, measureNames, seriesOf } from '#monitoring/catalogue.ts';
import { isJudged } from '#monitoring/reading.ts';
import type { FeedState, PlacedReading } from './feedState.ts';
import { ProofDrawer } from './ProofDrawer.tsx';
import { numberWords, valueWords } from './words.ts';

const text = t.monitoringPages;

/** The newest reading of each measure, each with its proof. */
export function NewestPanel({ patient, state }: { patient: string; state: FeedState }) {
  const now = useNow(5_000);
  const [proving, setProving] = useState<PlacedReading | null>(null);
  const newest = useMemo(() => {
    const found = new Map<MeasureName, PlacedReading>();
    for (const reading of state.readings) if (isJudged(reading)) found.set(reading.measure, reading);
    return measureNames.flatMap((name) => found.get(name) ?? []).filter(({ measure }) => seriesOf(measure).length > 0);
  }, [state.readings]);
  const { entry } = state;
  const certificates = useMemo(
    () => ('source' in entry ? entry.source.subjects.flatMap((subject) => subject.certificates) : []),
    [entry],
  );
  if (newest.length === 0) return null;
  return (
    <Panel labelledBy="newest">
      <PanelHead id="newest" icon={HeartPulse} title={text.newest.title} />
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,13rem),1fr))] gap-3">
        {newest.map((reading) => (
          <li key={reading.measure} className="rounded-md border border-line p-3">
            <p className="text-sm text-ink-2">{t.monitoring.measures[reading.measure]}</p>
            <p className="text-xl font-bold tabular-nums">{valuesOf(reading)}</p>
            <div className="mt-1 flex items-center justify-between gap-2">
              <span className="text-sm text-ink-2">
                <Ago value={new Date(reading.at).toISOString()} now={now} />
              </span>
              <Button
                size="sm"
                look="quiet"
                icon={BadgeCheck}
                aria-label={`${text.proof.open}: ${t.monitoring.measures[reading.measure]}`}
                onClick={() => setProving(reading)}
              >
                {text.proof.open}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {proving && (
        <ProofDrawer patient={patient} reading={proving} certificates={certificates} onClose={() => setProving(null)} />
      )}
    </Panel>
  );
}

/** `72/min`, `128/79 mmHg`. */
function valuesOf({ measure, values }: PlacedReading): string {
  const names = seriesOf(measure);
  return names.map((name, at) => (at < names.length - 1 ? numberWords : valueWords)(name, values[at] ?? 0)).join('/');
}
