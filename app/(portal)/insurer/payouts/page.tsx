import type { Metadata } from 'next';
import { PayoutsScreen } from '#components/insurer/PayoutsScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { payouts } from '#server/claims/queries.ts';
import { readActor } from '#server/people/queries.ts';

const { title } = t.claimsPayouts;
export const metadata: Metadata = { title };

export default async function PayoutsPage() {
  const actor = requireRole(await readActor(), 'insurer');
  return (
    <Page title={title}>
      <PayoutsScreen payouts={await payouts(actor)} insurer={actor.institutionId ?? ''} />
    </Page>
  );
}
