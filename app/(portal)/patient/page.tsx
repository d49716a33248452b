import type { Metadata } from 'next';
import { MedicinesScreen } from '#components/patient/MedicinesScreen.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listPrescriptions, listRenewals } from '#server/prescriptions/queries.ts';
import { listWaitingSagas } from '#server/transactions/queries.ts';

export const metadata: Metadata = { title: t.shell.navigation.medicines };

export default async function PatientPage() {
  const actor = requireRole(await readActor(), 'patient');
  const [sagas, prescriptions, renewals] = await Promise.all([
    listWaitingSagas(actor),
    listPrescriptions(actor, { scope: 'patient' }),
    listRenewals(actor),
  ]);
  return <MedicinesScreen sagas={sagas} prescriptions={prescriptions} renewals={renewals} />;
}
