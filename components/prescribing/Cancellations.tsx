'use client';

import { Ban } from 'lucide-react';
import Link from 'next/link';
import { ContentName } from '#components/prescriptions/ContentName.tsx';
import type { ContentState } from '#components/prescriptions/content.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

const text = t.prescribing.answers;

/** Prescriptions that a pharmacy was asked to cancel, with what it answered. */
export function Cancellations({
  prescriptions,
  contentOf,
}: {
  prescriptions: PrescriptionSummary[];
  contentOf: (id: string) => ContentState;
}) {
  const open = prescriptions.filter(({ holder }) => holder !== undefined);
  if (open.length === 0) return null;
  return (
    <Panel>
      <PanelHead title={text.title} icon={Ban} />
      <ul className="divide-y divide-line">
        {open.map(({ id, patient, holder, cancelRequest }) => (
          <li key={id} className="relative flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 hover:bg-sunken">
            <Link href={`/doctor/prescriptions/${id}`} className="min-w-0 flex-1 basis-56 after:absolute after:inset-0">
              <ContentName content={contentOf(id)} /> · {patient?.name}
            </Link>
            <Pill tone={cancelRequest?.refused ? 'warn' : 'info'}>
              {(cancelRequest?.refused ? text.refused : text.waiting)(holder?.institution ?? '')}
            </Pill>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
