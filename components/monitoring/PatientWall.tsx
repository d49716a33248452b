'use client';

import { MonitorDot } from 'lucide-react';
import { useMemo } from 'react';
import { Empty } from '#components/ui/Empty.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import { WallTile } from './WallTile.tsx';
import { type WallPatient, worstFirst } from './wallPatient.ts';

const text = t.monitoring.wall;

/** Everybody whom a clinician watches, worst first; ages of readings go on by themselves. */
export function PatientWall({ patients }: { patients: readonly WallPatient[] }) {
  const now = useNow(10_000);
  const sorted = useMemo(() => worstFirst(patients, now), [patients, now]);
  if (sorted.length === 0) {
    return (
      <Empty icon={MonitorDot} title={text.empty}>
        {text.emptyBody}
      </Empty>
    );
  }
  return (
    <ol aria-label={text.label} className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,19rem),1fr))] gap-4">
      {sorted.map((patient) => (
        <li key={patient.id} className="grid min-w-0">
          <WallTile patient={patient} now={now} />
        </li>
      ))}
    </ol>
  );
}
