import type { Metadata } from 'next';
import { StaffDelegations } from '#components/keys/StaffDelegations.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import { readStaffDelegations } from '#server/delegations/queries.ts';
import { readActor } from '#server/people/queries.ts';

const text = t.keys.delegations.staff;
export const metadata: Metadata = { title: text.title };

export default async function DelegationsPage() {
  const actor = requireRole(await readActor(), 'admin');
  const delegations = await readStaffDelegations(actor);
  return (
    <Page title={text.title}>
      {delegations === 'unavailable' ? (
        <Notice tone="info" title={text.heading}>
          <p>{t.keys.wallets.unknown}</p>
        </Notice>
      ) : (
        <StaffDelegations delegations={delegations} />
      )}
    </Page>
  );
}
