'use client';

import { UserRoundSearch } from 'lucide-react';
import { Avatar } from '#components/ui/Avatar.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { PatientSummary } from '#server/people/schema.ts';
import { describePatient } from './PatientSearch.tsx';

/** Whom the prescription is for. */
export function PatientHeader({ patient, onChange }: { patient: PatientSummary; onChange?: () => void }) {
  return (
    <Panel label={t.prescribing.patient.label}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Avatar name={patient.name} size="lg" />
        <div className="min-w-0 flex-1 basis-52">
          <p className="text-lg leading-snug font-bold">{patient.name}</p>
          <p className="text-sm text-ink-2">{describePatient(patient)}</p>
        </div>
        {onChange && (
          <Button size="sm" icon={UserRoundSearch} onClick={onChange}>
            {t.prescribing.patient.change}
          </Button>
        )}
      </div>
    </Panel>
  );
}
