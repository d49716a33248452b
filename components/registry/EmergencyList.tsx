'use client';

import { CircleAlert, CircleCheck, Clock, Siren } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDateTime } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import type { EmergencyView } from '#server/access/schema.ts';
import { ReviewDialog } from './ReviewDialog.tsx';

const text = t.registry.emergencies;

/** Emergencies in which a record was opened without consent: who, when, why, and what was found of it. */
export function EmergencyList({ emergencies }: { emergencies: EmergencyView[] }) {
  const [reviewing, setReviewing] = useState<EmergencyView | null>(null);
  return (
    <Panel labelledBy="emergencies">
      <PanelHead id="emergencies" title={text.title} remark={text.remark} icon={Siren} />
      {emergencies.length === 0 ? (
        <Empty icon={Siren} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {emergencies.map((emergency) => (
            <li key={emergency.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
              <div className="min-w-0 flex-1 basis-72 space-y-1">
                <p className="font-bold">
                  {emergency.actor.name}
                  <span className="font-normal text-ink-2"> · {emergency.institution.name}</span>
                </p>
                <p className="break-words">{text.reason(emergency.reason)}</p>
                <p className="text-sm text-ink-2">
                  {text.opened(formatDateTime(emergency.at), text.levels[emergency.level])}
                  {emergency.confirmedBy && emergency.confirmedAt && (
                    <> {text.confirmed(emergency.confirmedBy.name, formatDateTime(emergency.confirmedAt))}</>
                  )}
                </p>
                <p className="text-xs break-all text-ink-3">
                  {text.patient} {emergency.patient.name ?? emergency.patient.pseudonym}
                </p>
                {emergency.review && (
                  <p className="text-sm break-words text-ink-2">
                    {text.reviewed(formatDateTime(emergency.review.at), emergency.review.note)}
                  </p>
                )}
              </div>
              <div className="flex flex-wrap items-center gap-2">
                {emergency.open && (
                  <Pill tone="warn" icon={Clock}>
                    {text.openUntil(formatDateTime(emergency.until))}
                  </Pill>
                )}
                {emergency.review ? (
                  <Outcome outcome={emergency.review.outcome} />
                ) : (
                  <Button size="sm" onClick={() => setReviewing(emergency)}>
                    {text.review}
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      {reviewing && <ReviewDialog emergency={reviewing} onClose={() => setReviewing(null)} />}
    </Panel>
  );
}

function Outcome({ outcome }: { outcome: 'justified' | 'unjustified' }) {
  return outcome === 'justified' ? (
    <Pill tone="ok" icon={CircleCheck}>
      {text.outcomes.justified}
    </Pill>
  ) : (
    <Pill tone="danger" icon={CircleAlert}>
      {text.outcomes.unjustified}
    </Pill>
  );
}
