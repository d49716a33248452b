'use client';

import { Pill } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button } from '#components/ui/Button.tsx';
import { t } from '#messages/en.ts';
import type { PatientSummary } from '#server/people/schema.ts';
import { takeAlong } from './chosenPatient.ts';
import { PatientSearch } from './PatientSearch.tsx';

/** Finds a patient and goes on to prescribe. */
export function PatientList() {
  const router = useRouter();
  const prescribe = (patient: PatientSummary) => {
    takeAlong(patient);
    router.push('/doctor/prescribe');
  };
  return (
    <PatientSearch
      onChoose={prescribe}
      action={(patient) => (
        <Button
          size="sm"
          icon={Pill}
          onClick={() => prescribe(patient)}
          aria-label={t.shell.palette.prescribeFor(patient.name)}
        >
          {t.prescribing.patient.prescribe}
        </Button>
      )}
    />
  );
}
