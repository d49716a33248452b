import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { PrintSheet } from '#components/patient/PrintSheet.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { findPrescription } from '#server/prescriptions/queries.ts';

export const metadata: Metadata = { title: t.prescriptions.patient.print };

export default async function PrintPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = requireRole(await readActor(), 'patient');
  const prescription = await findPrescription(actor, (await params).id);
  if (!prescription) notFound();
  return <PrintSheet prescription={prescription} />;
}
