import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { CommissionScreen } from '#components/supply/CommissionScreen.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readBasics } from '#server/supply/queries.ts';

const { title } = t.supply.commission;
export const metadata: Metadata = { title };

export default async function BatchesPage({
  searchParams,
}: {
  searchParams: Promise<{ product?: string | string[] }>;
}) {
  const actor = requireRole(await readActor(), 'supplier');
  const [basics, { product }] = await Promise.all([readBasics(actor), searchParams]);
  return (
    <Page title={title}>
      <CommissionScreen basics={basics} {...(typeof product === 'string' && { chosen: product })} />
    </Page>
  );
}
