import type { Metadata } from 'next';
import { ProviderScreen } from '#components/billing/ProviderScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { listCards, listClaims, receivables, takings } from '#server/claims/queries.ts';
import { readActor } from '#server/people/queries.ts';

const { titleHospital: title } = t.billing;
export const metadata: Metadata = { title };

export default async function DoctorBillingPage() {
  const actor = requireRole(await readActor(), 'doctor');
  const [cards, sent, asked, owed, taken] = await Promise.all([
    listCards(actor),
    listClaims(actor),
    listClaims(actor, { use: 'preauthorisation' }),
    receivables(actor),
    takings(actor),
  ]);
  return (
    <Page title={title}>
      <ProviderScreen
        institution={actor.institutionId ?? ''}
        cards={cards}
        sent={sent}
        asked={asked.entries}
        receivables={owed}
        takings={taken}
      />
    </Page>
  );
}
