import type { Metadata } from 'next';
import { ClaimList } from '#components/insurer/ClaimList.tsx';
import { queueAddressOf } from '#components/insurer/queueAddress.ts';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { InstitutionEntry } from '#components/workplace/InstitutionEntry.tsx';
import { ownInstitution } from '#components/workplace/ownInstitution.ts';
import { t } from '#messages/en.ts';
import { claimQueue } from '#server/claims/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { listInstitutions } from '#server/registry/queries.ts';

const { title } = t.claimsQueue;
export const metadata: Metadata = { title };

export default async function InsurerPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const actor = requireRole(await readActor(), 'insurer');
  const asked = queueAddressOf(await searchParams);
  const [queue, institution] = await Promise.all([
    claimQueue(actor, asked),
    ownInstitution(actor, listInstitutions(actor)),
  ]);
  return (
    <Page title={title}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1.8fr)_minmax(0,1fr)]">
        <ClaimList queue={queue} asked={asked} />
        <InstitutionEntry institution={institution} />
      </div>
    </Page>
  );
}
