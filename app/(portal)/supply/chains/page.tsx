import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { ChainsPanel } from '#components/workplace/ChainsPanel.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';

export const metadata: Metadata = { title: t.workplaces.chains.title };

export default async function SupplyChainsPage() {
  const actor = requireRole(await readActor(), 'supplier');
  return (
    <Page title={t.workplaces.chains.title}>
      <div className="max-w-[52rem]">
        <ChainsPanel mspId={actor.mspId} />
      </div>
    </Page>
  );
}
