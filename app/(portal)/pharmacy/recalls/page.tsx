import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { RecallScreen } from '#components/supply/RecallScreen.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listRecalls, readBasics } from '#server/supply/queries.ts';

const { title } = t.supply.recall;
export const metadata: Metadata = { title };

export default async function RecallsPage() {
  const actor = requireRole(await readActor(), 'pharmacist');
  const [basics, recalls] = await Promise.all([readBasics(actor), listRecalls(actor)]);
  return (
    <Page title={title}>
      <RecallScreen basics={basics} recalls={recalls} base="/pharmacy" />
    </Page>
  );
}
