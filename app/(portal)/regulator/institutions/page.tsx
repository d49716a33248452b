import { MousePointerClick } from 'lucide-react';
import type { Metadata } from 'next';
import { InstitutionList } from '#components/registry/InstitutionList.tsx';
import { PractitionerTable } from '#components/registry/PractitionerTable.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listInstitutions, listPractitioners } from '#server/registry/queries.ts';

const text = t.regulator.institutions;
export const metadata: Metadata = { title: text.title };

export default async function InstitutionsPage({
  searchParams,
}: {
  searchParams: Promise<{ institution?: string | string[] }>;
}) {
  const actor = requireRole(await readActor(), 'regulator');
  const wanted = (await searchParams).institution;
  const institutions = await listInstitutions(actor);
  const chosen = institutions.find(({ id }) => id === wanted) ?? institutions[0];
  const practitioners = chosen ? await listPractitioners(actor, chosen.id) : [];
  return (
    <Page title={text.title}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[24rem_minmax(0,1fr)]">
        <InstitutionList institutions={institutions} chosen={chosen?.id ?? null} />
        <Panel>
          <PanelHead title={text.people} remark={chosen?.name} />
          {chosen ? (
            <PractitionerTable practitioners={practitioners} />
          ) : (
            <Empty icon={MousePointerClick} title={text.people}>
              {text.choose}
            </Empty>
          )}
        </Panel>
      </div>
    </Page>
  );
}
