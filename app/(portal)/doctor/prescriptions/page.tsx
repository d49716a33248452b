import type { Metadata } from 'next';
import { AuthorList } from '#components/prescriptions/AuthorList.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listPrescriptions } from '#server/prescriptions/queries.ts';

export const metadata: Metadata = { title: t.prescriptions.list.title };

export default async function PrescriptionsPage() {
  const actor = requireRole(await readActor(), 'doctor');
  return (
    <Page title={t.prescriptions.list.title}>
      <AuthorList prescriptions={await listPrescriptions(actor, { scope: 'author' })} />
    </Page>
  );
}
