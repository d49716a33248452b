import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { ProductList } from '#components/supply/ProductList.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readBasics, readStock } from '#server/supply/queries.ts';

const { title } = t.supply.products;
export const metadata: Metadata = { title };

export default async function ProductsPage() {
  const actor = requireRole(await readActor(), 'supplier');
  const [basics, stock] = await Promise.all([readBasics(actor), readStock(actor)]);
  return (
    <Page title={title}>
      <ProductList
        basics={basics}
        stock={stock}
        maker={basics.kind === 'manufacturer' ? (actor.institutionName ?? basics.institutionId) : undefined}
      />
    </Page>
  );
}
