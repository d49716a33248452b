import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Detail } from '#components/prescriptions/Detail.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { findPrescription } from '#server/prescriptions/queries.ts';

export const metadata: Metadata = { title: t.prescriptions.detail.title };

export default async function PrescriptionPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = requireRole(await readActor(), 'doctor');
  const prescription = await findPrescription(actor, (await params).id);
  if (!prescription) notFound();
  return (
    <Page title={t.prescriptions.detail.title}>
      <Detail prescription={prescription} />
    </Page>
  );
}
