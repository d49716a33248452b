import type { Metadata } from 'next';
import { NewKeysPanel } from '#components/reenrolment/NewKeysPanel.tsx';
import { StaffPanel } from '#components/registry/StaffPanel.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { InstitutionEntry } from '#components/workplace/InstitutionEntry.tsx';
import { ownInstitution } from '#components/workplace/ownInstitution.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listNewKeys } from '#server/reenrolment/queries.ts';
import { listInstitutions, listStaff } from '#server/registry/queries.ts';

const text = t.registry.staff;
export const metadata: Metadata = { title: text.title };

export default async function AdminPage() {
  const actor = requireRole(await readActor(), 'admin');
  const [institution, staff, newKeys] = await Promise.all([
    ownInstitution(actor, listInstitutions(actor)),
    listStaff(actor),
    listNewKeys(actor),
  ]);
  return (
    <Page title={text.title}>
      {institution ? (
        <div className="space-y-5">
          <NewKeysPanel people={newKeys.filter(({ subject }) => !subject.startsWith('pt-'))} />
          <StaffPanel staff={staff} self={actor.subjectId} institution={institution} />
        </div>
      ) : (
        <InstitutionEntry institution={null} />
      )}
    </Page>
  );
}
