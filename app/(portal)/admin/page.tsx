import type { Metadata } from 'next';
import { StaffPanel } from '#components/registry/StaffPanel.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { InstitutionEntry } from '#components/workplace/InstitutionEntry.tsx';
import { ownInstitution } from '#components/workplace/ownInstitution.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listInstitutions, listStaff } from '#server/registry/queries.ts';

const text = t.registry.staff;
export const metadata: Metadata = { title: text.title };

export default async function AdminPage() {
  const actor = requireRole(await readActor(), 'admin');
  const [institution, staff] = await Promise.all([ownInstitution(actor, listInstitutions(actor)), listStaff(actor)]);
  return (
    <Page title={text.title}>
      {institution ? (
        <StaffPanel staff={staff} self={actor.subjectId} institution={institution} />
      ) : (
        <InstitutionEntry institution={null} />
      )}
    </Page>
  );
}
