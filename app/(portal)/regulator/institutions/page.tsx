import { MousePointerClick } from 'lucide-react';
import type { Metadata } from 'next';
import { InstitutionDecisions } from '#components/registry/InstitutionDecisions.tsx';
import { InstitutionList } from '#components/registry/InstitutionList.tsx';
import { PractitionerTable } from '#components/registry/PractitionerTable.tsx';
import { ProposalPanel } from '#components/registry/ProposalPanel.tsx';
import { ReenrolmentPanel } from '#components/registry/ReenrolmentPanel.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listInstitutions, listPractitioners, listReenrolments } from '#server/registry/queries.ts';

const text = t.regulator.institutions;
export const metadata: Metadata = { title: text.title };

export default async function InstitutionsPage({
  searchParams,
}: {
  searchParams: Promise<{ institution?: string | string[] }>;
}) {
  const actor = requireRole(await readActor(), 'regulator');
  const wanted = (await searchParams).institution;
  const [all, reenrolments] = await Promise.all([listInstitutions(actor), listReenrolments(actor)]);
  const institutions = all.filter(({ status }) => status !== 'proposed');
  const chosen = institutions.find(({ id }) => id === wanted) ?? institutions[0];
  const practitioners = chosen ? await listPractitioners(actor, chosen.id) : [];
  return (
    <Page title={text.title}>
      <div className="mb-5 grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-2">
        <ProposalPanel proposed={all.filter(({ status }) => status === 'proposed')} />
        <ReenrolmentPanel
          reenrolments={reenrolments}
          institutions={Object.fromEntries(all.map(({ id, name }) => [id, name]))}
        />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[24rem_minmax(0,1fr)]">
        <InstitutionList institutions={institutions} chosen={chosen?.id ?? null} />
        <Panel>
          <PanelHead title={text.people} remark={chosen?.name} />
          {chosen && <InstitutionDecisions key={chosen.id} institution={chosen} />}
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
