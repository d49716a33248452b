'use client';

import {
  Activity,
  CircleUser,
  ClipboardPlus,
  FileText,
  FlaskConical,
  HeartPulse,
  House,
  type LucideIcon,
  Pill,
  ShieldAlert,
  Stethoscope,
  Syringe,
  TestTubes,
} from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { type EntryKind, entryKinds, momentOf } from '#fhir/chart/entry.ts';
import type { Shown } from '#fhir/chart/screen.ts';
import { entryValue } from '#fhir/chart/words.ts';
import { t } from '#messages/en.ts';
import { ClinicalTime } from './ClinicalTime.tsx';

const icons: Record<EntryKind, LucideIcon> = {
  problem: Stethoscope,
  allergy: ShieldAlert,
  medicine: Pill,
  immunization: Syringe,
  result: FlaskConical,
  vital: HeartPulse,
  social: House,
  report: TestTubes,
  document: FileText,
  encounter: Activity,
  procedure: ClipboardPlus,
  person: CircleUser,
};

/** Everything that happened, newest first, year by year. What is out of sight is not laid out, so that long ones stay quick. */
export function Timeline({
  entries,
  more,
  busy,
  onOlder,
  onOpen,
}: {
  entries: readonly Shown[];
  /** Older entries can be opened. */
  more: boolean;
  busy: boolean;
  onOlder: () => void;
  onOpen: (entry: Shown) => void;
}) {
  const [kind, setKind] = useState<EntryKind | 'all'>('all');
  const present = useMemo(() => entryKinds.filter((name) => entries.some(({ k }) => k === name)), [entries]);
  const years = useMemo(
    () =>
      Map.groupBy(
        entries.filter(({ k }) => kind === 'all' || k === kind),
        (entry) => momentOf(entry).slice(0, 4),
      ),
    [entries, kind],
  );
  return (
    <Panel labelledBy="chart-timeline">
      <PanelHead
        id="chart-timeline"
        title={t.chart.timeline}
        aside={
          <label className="flex items-center gap-2 text-sm text-ink-2">
            {t.chart.show}
            <select
              value={kind}
              onChange={({ target }) => setKind(entryKinds.find((name) => name === target.value) ?? 'all')}
              className="min-h-9 rounded-md border border-line-strong bg-surface px-2 text-ink"
            >
              <option value="all">{t.chart.all}</option>
              {present.map((name) => (
                <option key={name} value={name}>
                  {t.chart.kinds[name]}
                </option>
              ))}
            </select>
          </label>
        }
      />
      {years.size === 0 && (
        <p className="text-sm text-ink-2">{kind === 'all' ? t.chart.none.timeline : t.chart.none.filtered}</p>
      )}
      {[...years].map(([year, some]) => (
        <section key={year} aria-label={year} className="mb-4">
          <h3 className="mb-1 text-sm font-bold text-ink-2">{year}</h3>
          <ul className="divide-y divide-line">
            {some.map((entry) => (
              <Line key={`${entry.category}/${entry.d}/${entry.y}/${entry.r}`} entry={entry} onOpen={onOpen} />
            ))}
          </ul>
        </section>
      ))}
      {more && (
        <Button busy={busy} onClick={onOlder}>
          {busy ? t.chart.olderBusy : t.chart.older}
        </Button>
      )}
    </Panel>
  );
}

function Line({ entry, onOpen }: { entry: Shown; onOpen: (entry: Shown) => void }) {
  const Icon = icons[entry.k];
  const value = entryValue(entry);
  return (
    <li className="[contain-intrinsic-size:auto_3.25rem] [content-visibility:auto]">
      <button
        type="button"
        onClick={() => onOpen(entry)}
        className="-mx-2 flex w-[calc(100%+1rem)] items-start gap-3 rounded-md px-2 py-2 text-left hover:bg-sunken"
      >
        <Icon size={18} aria-hidden className="mt-0.5 shrink-0 text-ink-3" />
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap gap-x-2">
            <span className="font-bold break-words">{entry.x}</span>
            {value && <span>{value}</span>}
          </span>
          <span className="block text-sm text-ink-2">
            {[t.chart.kinds[entry.k], entry.n, entry.f === undefined ? undefined : t.chart.files(entry.f)]
              .filter((word) => word !== undefined)
              .join(' · ')}
          </span>
        </span>
        <span className="shrink-0 text-sm text-ink-2">
          <ClinicalTime value={entry.a} />
        </span>
      </button>
    </li>
  );
}
