import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { UndoScreen } from '#components/supply/UndoScreen.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readBasics } from '#server/supply/queries.ts';

const title = t.supply.undo.title;
export const metadata: Metadata = { title };

export default async function UndoPage() {
  const actor = requireRole(await readActor(), 'pharmacist');
  return (
    <Page title={title}>
      <UndoScreen basics={await readBasics(actor)} />
    </Page>
  );
}
