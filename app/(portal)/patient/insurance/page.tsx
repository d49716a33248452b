import type { Metadata } from 'next';
import { InsuranceScreen } from '#components/insurance/InsuranceScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { insuredAs, listPlans, listProviders, ownInsurance } from '#server/claims/queries.ts';
import { ownAssistance } from '#server/fund/queries.ts';
import { readActor } from '#server/people/queries.ts';

const { title } = t.insurance;
export const metadata: Metadata = { title };

export default async function InsurancePage() {
  const actor = requireRole(await readActor(), 'patient');
  const [view, plans, providers, insured, assistance] = await Promise.all([
    ownInsurance(actor),
    listPlans(actor),
    listProviders(actor),
    insuredAs(actor),
    ownAssistance(actor),
  ]);
  return (
    <Page title={title}>
      <InsuranceScreen view={view} plans={plans} providers={providers} insured={insured} assistance={assistance} />
    </Page>
  );
}
