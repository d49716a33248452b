import type { Metadata } from 'next';
import { DowntimeScreen } from '#components/downtime/DowntimeScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readBasics } from '#server/supply/queries.ts';

export const metadata: Metadata = { title: t.downtime.title };

export default async function DowntimePage() {
  const actor = requireRole(await readActor(), 'pharmacist');
  const { institutionId, own } = await readBasics(actor);
  return (
    <Page title={t.downtime.title}>
      <DowntimeScreen supply={{ institutionId, places: own }} />
    </Page>
  );
}
