import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { PrintSheet } from '#components/patient/PrintSheet.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readPrescription } from '#server/prescriptions/queries.ts';
import { prescriptionId } from '#server/transactions/schema.ts';

export const metadata: Metadata = { title: t.prescriptions.patient.print };

export default async function PrintPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = requireRole(await readActor(), 'patient');
  const id = prescriptionId.safeParse((await params).id);
  if (!id.success) notFound();
  return <PrintSheet prescription={await readPrescription(actor, id.data)} />;
}
