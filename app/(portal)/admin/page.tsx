import type { Metadata } from 'next';
import { PractitionerTable } from '#components/registry/PractitionerTable.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { InstitutionEntry } from '#components/workplace/InstitutionEntry.tsx';
import { ownInstitution } from '#components/workplace/ownInstitution.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listInstitutions, listPractitioners } from '#server/registry/queries.ts';

const text = t.workplaces.admin;
export const metadata: Metadata = { title: text.title };

export default async function AdminPage() {
  const actor = requireRole(await readActor(), 'admin');
  const [institution, practitioners] = await Promise.all([
    ownInstitution(actor, listInstitutions(actor)),
    actor.institutionId ? listPractitioners(actor, actor.institutionId) : [],
  ]);
  return (
    <Page title={text.title}>
      <div className="space-y-5">
        <Panel>
          <PanelHead title={text.title} remark={text.remark(institution?.name ?? actor.institutionName ?? '')} />
          <PractitionerTable practitioners={practitioners} />
        </Panel>
        <div className="max-w-[52rem]">
          <InstitutionEntry institution={institution} />
        </div>
      </div>
    </Page>
  );
}
