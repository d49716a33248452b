import type { Metadata } from 'next';
import { PatientList } from '#components/prescribing/PatientList.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';

export const metadata: Metadata = { title: t.prescribing.patient.listTitle };

export default async function PatientsPage() {
  requireRole(await readActor(), 'doctor');
  return (
    <Page title={t.prescribing.patient.listTitle}>
      <div className="max-w-[56rem]">
        <Panel>
          <PatientList />
        </Panel>
      </div>
    </Page>
  );
}
