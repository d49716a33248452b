'use client';

import { FolderOpen, Pill } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { recordAddress } from '#components/clinician/recordAddress.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { t } from '#messages/en.ts';
import type { PatientSummary } from '#server/people/schema.ts';
import { takeAlong } from './chosenPatient.ts';
import { PatientSearch } from './PatientSearch.tsx';

/** Finds a patient and goes on to the record or to prescribe. `query`: what is looked for at once. */
export function PatientList({ query }: { query?: string | undefined }) {
  const router = useRouter();
  const prescribe = (patient: PatientSummary) => {
    takeAlong(patient);
    router.push('/doctor/prescribe');
  };
  return (
    <PatientSearch
      query={query}
      onChoose={({ personId }) => router.push(recordAddress('doctor', personId))}
      action={(patient) => (
        <div className="flex flex-wrap gap-2">
          <LinkButton
            size="sm"
            icon={FolderOpen}
            href={recordAddress('doctor', patient.personId)}
            aria-label={t.prescribing.patient.recordOf(patient.name)}
          >
            {t.prescribing.patient.record}
          </LinkButton>
          <Button
            size="sm"
            icon={Pill}
            disabled={patient.readingKey === ''}
            onClick={() => prescribe(patient)}
            aria-label={t.shell.palette.prescribeFor(patient.name)}
          >
            {t.prescribing.patient.prescribe}
          </Button>
        </div>
      )}
    />
  );
}
