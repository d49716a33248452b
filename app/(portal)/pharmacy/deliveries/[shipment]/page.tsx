import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { ReceiveScreen } from '#components/supply/ReceiveScreen.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readBasics, readDelivery } from '#server/supply/queries.ts';

const { title } = t.supply.receive;
export const metadata: Metadata = { title };

export default async function DeliveryPage({ params }: { params: Promise<{ shipment: string }> }) {
  const actor = requireRole(await readActor(), 'pharmacist');
  const { shipment } = await params;
  const [basics, delivery] = await Promise.all([readBasics(actor), readDelivery(actor, decodeURIComponent(shipment))]);
  return (
    <Page title={title}>
      <ReceiveScreen basics={basics} delivery={delivery} back="/pharmacy/deliveries" />
    </Page>
  );
}
