import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { VerifyScreen } from '#components/supply/VerifyScreen.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readBasics } from '#server/supply/queries.ts';

const { title } = t.supply.verify;
export const metadata: Metadata = { title };

export default async function VerifyPage() {
  const actor = requireRole(await readActor(), 'supplier');
  return (
    <Page title={title}>
      <VerifyScreen basics={await readBasics(actor)} story="/supply/trace" />
    </Page>
  );
}
