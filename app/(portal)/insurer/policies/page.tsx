import type { Metadata } from 'next';
import { PoliciesScreen } from '#components/insurer/PoliciesScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { listPlans, listPolicies } from '#server/claims/queries.ts';
import { readActor } from '#server/people/queries.ts';

const { title } = t.claimsPolicies;
export const metadata: Metadata = { title };

export default async function PoliciesPage() {
  const actor = requireRole(await readActor(), 'insurer');
  const [policies, plans] = await Promise.all([listPolicies(actor), listPlans(actor)]);
  return (
    <Page title={title}>
      <PoliciesScreen policies={policies} plans={plans} />
    </Page>
  );
}
