import type { Metadata } from 'next';
import { History } from '#components/patient/History.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listPrescriptions } from '#server/prescriptions/queries.ts';

export const metadata: Metadata = { title: t.prescriptions.patient.history };

export default async function HistoryPage() {
  const actor = requireRole(await readActor(), 'patient');
  return <History prescriptions={await listPrescriptions(actor, { scope: 'patient' })} />;
}
