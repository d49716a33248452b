import type { Metadata } from 'next';
import { DevicePanel } from '#components/registry/DevicePanel.tsx';
import { PartnerPanel } from '#components/registry/PartnerPanel.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { listSystems } from '#server/epcis/queries.ts';
import { partnerOrganisations } from '#server/epcis/schema.ts';
import { readActor } from '#server/people/queries.ts';
import { listDeviceOffers, listDevices, listInstitutions } from '#server/registry/queries.ts';
import { listOwnDevices } from '#server/telemetry/queries.ts';

const text = t.registry.devices;
export const metadata: Metadata = { title: text.title };

export default async function DevicesPage() {
  const actor = requireRole(await readActor(), 'admin');
  const [devices, offers, systems, seen, institutions] = await Promise.all([
    listDevices(actor),
    listDeviceOffers(actor),
    listSystems(actor),
    listOwnDevices(actor),
    listInstitutions(actor),
  ]);
  const receivers = institutions
    .filter(({ id, status }) => status === 'active' && id !== actor.institutionId)
    .map(({ id, name }) => ({ id, name }));
  return (
    <Page title={text.title}>
      <DevicePanel
        devices={devices}
        offers={offers}
        institutionId={actor.institutionId ?? ''}
        systems={systems.map(({ id }) => id)}
        seen={seen}
        receivers={receivers}
      />
      {partnerOrganisations.includes(actor.mspId) && <PartnerPanel systems={systems} />}
    </Page>
  );
}
