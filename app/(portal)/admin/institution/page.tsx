import type { Metadata } from 'next';
import { InstitutionKeyPanel } from '#components/registry/InstitutionKeyPanel.tsx';
import { StockSharingPanel } from '#components/registry/StockSharingPanel.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { InstitutionEntry } from '#components/workplace/InstitutionEntry.tsx';
import { ownInstitution } from '#components/workplace/ownInstitution.ts';
import { t } from '#messages/en.ts';
import { readStockSharing } from '#server/dispensing/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { listInstitutions } from '#server/registry/queries.ts';

const title = t.shell.navigation.institution;
export const metadata: Metadata = { title };

export default async function InstitutionPage() {
  const actor = requireRole(await readActor(), 'admin');
  const institution = await ownInstitution(actor, listInstitutions(actor));
  const sharing = institution?.kind === 'pharmacy' ? await readStockSharing(actor) : undefined;
  return (
    <Page title={title}>
      <div className="max-w-[52rem] space-y-5">
        <InstitutionEntry institution={institution} />
        {institution && <InstitutionKeyPanel institution={institution} />}
        {sharing && <StockSharingPanel sharing={sharing} />}
      </div>
    </Page>
  );
}
