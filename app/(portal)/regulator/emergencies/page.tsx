import type { Metadata } from 'next';
import { EmergencyCounts } from '#components/registry/EmergencyCounts.tsx';
import { EmergencyList } from '#components/registry/EmergencyList.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { countEmergencies, listEmergencies } from '#server/access/queries.ts';
import { readActor } from '#server/people/queries.ts';

const { title } = t.registry.emergencies;
export const metadata: Metadata = { title };

export default async function EmergenciesPage() {
  const actor = requireRole(await readActor(), 'regulator');
  const [emergencies, counts] = await Promise.all([listEmergencies(actor), countEmergencies(actor)]);
  return (
    <Page title={title}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1fr)_34rem]">
        <EmergencyList emergencies={emergencies} />
        <EmergencyCounts counts={counts} />
      </div>
    </Page>
  );
}
