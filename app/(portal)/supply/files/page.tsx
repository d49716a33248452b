import type { Metadata } from 'next';
import { BulkScreen } from '#components/bulk/BulkScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readBasics } from '#server/supply/queries.ts';

const title = t.bulk.title;
export const metadata: Metadata = { title };

export default async function FilesPage() {
  const actor = requireRole(await readActor(), 'supplier');
  return (
    <Page title={title}>
      <BulkScreen basics={await readBasics(actor)} />
    </Page>
  );
}
