import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { PackScreen } from '#components/supply/PackScreen.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readBasics } from '#server/supply/queries.ts';

const title = t.supply.pack.title;
export const metadata: Metadata = { title };

export default async function PackPage() {
  const actor = requireRole(await readActor(), 'supplier');
  return (
    <Page title={title}>
      <PackScreen basics={await readBasics(actor)} />
    </Page>
  );
}
