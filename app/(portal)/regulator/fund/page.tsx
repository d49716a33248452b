import type { Metadata } from 'next';
import { FundDeskScreen } from '#components/fund/FundDeskScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { fundDesk } from '#server/fund/queries.ts';
import { readActor } from '#server/people/queries.ts';

const { title } = t.fund;
export const metadata: Metadata = { title };

export default async function FundDeskPage() {
  const actor = requireRole(await readActor(), 'regulator');
  return (
    <Page title={title}>
      <FundDeskScreen desk={await fundDesk(actor)} />
    </Page>
  );
}
