import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { StockScreen } from '#components/supply/StockScreen.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readStock } from '#server/supply/queries.ts';

const { title } = t.supply.stock;
export const metadata: Metadata = { title };

export default async function StockPage() {
  const actor = requireRole(await readActor(), 'pharmacist');
  return (
    <Page title={title}>
      <StockScreen rows={await readStock(actor)} stock="/pharmacy/stock" />
    </Page>
  );
}
