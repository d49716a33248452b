import { Building2 } from 'lucide-react';
import type { Metadata } from 'next';
import { DirectoryPanel } from '#components/directory/DirectoryPanel.tsx';
import { DuplicatesPanel } from '#components/directory/DuplicatesPanel.tsx';
import { MergesPanel } from '#components/directory/MergesPanel.tsx';
import { RepresentativesPanel } from '#components/directory/RepresentativesPanel.tsx';
import { NewKeysPanel } from '#components/reenrolment/NewKeysPanel.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { listDuplicates, listMerges } from '#server/directory/queries.ts';
import { representationsByInstitution } from '#server/patients/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { listNewKeys } from '#server/reenrolment/queries.ts';

const text = t.directory;
export const metadata: Metadata = { title: text.title };

export default async function PatientsPage() {
  const actor = requireRole(await readActor(), 'admin');
  if (actor.mspId !== 'HospitalMSP') {
    return (
      <Page title={text.title}>
        <Panel>
          <Empty icon={Building2} title={text.foreign.title}>
            {text.foreign.body}
          </Empty>
        </Panel>
      </Page>
    );
  }
  const [duplicates, merges, appointed, newKeys] = await Promise.all([
    listDuplicates(actor),
    listMerges(actor),
    representationsByInstitution(actor),
    listNewKeys(actor),
  ]);
  return (
    <Page title={text.title}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]">
        <div className="space-y-5">
          <NewKeysPanel people={newKeys.filter(({ subject }) => subject.startsWith('pt-'))} />
          <DirectoryPanel />
          <RepresentativesPanel appointed={appointed} now={new Date().toISOString()} />
        </div>
        <div className="space-y-5">
          <DuplicatesPanel duplicates={duplicates} />
          <MergesPanel merges={merges} />
        </div>
      </div>
    </Page>
  );
}
