import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { SentList } from '#components/supply/SentList.tsx';
import { ShipScreen } from '#components/supply/ShipScreen.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listSent, readBasics } from '#server/supply/queries.ts';

const { title } = t.supply.ship;
export const metadata: Metadata = { title };

export default async function ShipPage() {
  const actor = requireRole(await readActor(), 'supplier');
  const [basics, sent] = await Promise.all([readBasics(actor), listSent(actor)]);
  return (
    <Page title={title}>
      <div className="space-y-5">
        <ShipScreen basics={basics} />
        <SentList sent={sent} />
      </div>
    </Page>
  );
}
