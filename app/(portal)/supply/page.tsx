import { Truck } from 'lucide-react';
import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { InstitutionEntry } from '#components/workplace/InstitutionEntry.tsx';
import { ownInstitution } from '#components/workplace/ownInstitution.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listInstitutions } from '#server/registry/queries.ts';

const text = t.workplaces.supplier;
export const metadata: Metadata = { title: text.title };

export default async function SupplyPage() {
  const actor = requireRole(await readActor(), 'supplier');
  return (
    <Page title={text.title}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
        <Panel>
          <Empty icon={Truck} title={text.empty}>
            <p>{text.body}</p>
            <p className="mt-2">{text.todo}</p>
          </Empty>
        </Panel>
        <InstitutionEntry institution={await ownInstitution(actor, listInstitutions(actor))} />
      </div>
    </Page>
  );
}
