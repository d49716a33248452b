import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { DeliveryList } from '#components/supply/DeliveryList.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listArriving } from '#server/supply/queries.ts';

const title = t.supply.receive.deliveries;
export const metadata: Metadata = { title };

export default async function DeliveriesPage() {
  const actor = requireRole(await readActor(), 'pharmacist');
  return (
    <Page title={title}>
      <DeliveryList deliveries={await listArriving(actor)} base="/pharmacy/deliveries" />
    </Page>
  );
}
