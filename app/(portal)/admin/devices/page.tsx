import type { Metadata } from 'next';
import { DevicePanel } from '#components/registry/DevicePanel.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listDevices } from '#server/registry/queries.ts';

const text = t.registry.devices;
export const metadata: Metadata = { title: text.title };

export default async function DevicesPage() {
  const actor = requireRole(await readActor(), 'admin');
  return (
    <Page title={text.title}>
      <DevicePanel devices={await listDevices(actor)} institutionId={actor.institutionId ?? ''} />
    </Page>
  );
}
