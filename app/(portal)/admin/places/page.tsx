import type { Metadata } from 'next';
import { PlacePanel } from '#components/registry/PlacePanel.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listPlaces } from '#server/registry/queries.ts';

const { title } = t.registry.places;
export const metadata: Metadata = { title };

export default async function PlacesPage() {
  const actor = requireRole(await readActor(), 'admin');
  const id = actor.institutionId ?? '';
  return (
    <Page title={title}>
      <div className="max-w-[52rem]">
        <PlacePanel institution={{ id, name: actor.institutionName ?? id }} places={await listPlaces(actor)} />
      </div>
    </Page>
  );
}
