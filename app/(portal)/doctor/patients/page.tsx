import type { Metadata } from 'next';
import { OwnRequests } from '#components/clinician/OwnRequests.tsx';
import { RegisterButton } from '#components/directory/RegisterButton.tsx';
import { PatientList } from '#components/prescribing/PatientList.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { listOwnRequests } from '#server/consents/queries.ts';
import { readActor } from '#server/people/queries.ts';

export const metadata: Metadata = { title: t.prescribing.patient.listTitle };

export default async function PatientsPage({ searchParams }: { searchParams: Promise<{ query?: string | string[] }> }) {
  const actor = requireRole(await readActor(), 'doctor');
  const { query } = await searchParams;
  return (
    <Page title={t.prescribing.patient.listTitle}>
      <div className="max-w-[56rem] space-y-5">
        <Panel>
          <PatientList query={typeof query === 'string' ? query : undefined} />
          {actor.mspId === 'HospitalMSP' && (
            <div className="mt-4">
              <RegisterButton />
            </div>
          )}
        </Panel>
        <OwnRequests requests={await listOwnRequests(actor)} />
      </div>
    </Page>
  );
}
