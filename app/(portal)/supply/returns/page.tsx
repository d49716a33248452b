import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { ShipScreen } from '#components/supply/ShipScreen.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readBasics } from '#server/supply/queries.ts';

const title = t.supply.ship.returnTitle;
export const metadata: Metadata = { title };

export default async function ReturnsPage() {
  const actor = requireRole(await readActor(), 'supplier');
  return (
    <Page title={title}>
      <ShipScreen basics={await readBasics(actor)} returned />
    </Page>
  );
}
