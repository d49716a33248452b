import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { TodayScreen } from '#components/supply/TodayScreen.tsx';
import { InstitutionEntry } from '#components/workplace/InstitutionEntry.tsx';
import { ownInstitution } from '#components/workplace/ownInstitution.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listInstitutions } from '#server/registry/queries.ts';
import { readToday } from '#server/supply/queries.ts';

const text = t.supply.today;
export const metadata: Metadata = { title: text.title };

export default async function SupplyPage() {
  const actor = requireRole(await readActor(), 'supplier');
  const [today, institution] = await Promise.all([readToday(actor), ownInstitution(actor, listInstitutions(actor))]);
  return (
    <Page title={text.title}>
      <div className="space-y-5">
        <TodayScreen today={today} now={Date.now()} />
        <InstitutionEntry institution={institution} />
      </div>
    </Page>
  );
}
