import type { Metadata } from 'next';
import { ClosedList } from '#components/dispensing/ClosedList.tsx';
import { HeldList } from '#components/dispensing/HeldList.tsx';
import { OfferedList } from '#components/dispensing/OfferedList.tsx';
import { RenewalsAsked } from '#components/dispensing/RenewalsAsked.tsx';
import { isEnded } from '#components/prescriptions/isEnded.ts';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listPrescriptions, listRenewals } from '#server/prescriptions/queries.ts';

export const metadata: Metadata = { title: t.dispensing.held.title };

export default async function HeldPage() {
  const actor = requireRole(await readActor(), 'pharmacist');
  const [prescriptions, renewals] = await Promise.all([
    listPrescriptions(actor, { scope: 'held' }),
    listRenewals(actor),
  ]);
  return (
    <Page title={t.dispensing.held.title}>
      <div className="space-y-5">
        <OfferedList
          prescriptions={prescriptions.filter(({ transfer }) => transfer?.institutionId === actor.institutionId)}
        />
        <HeldList prescriptions={prescriptions.filter(({ holder }) => holder?.institutionId === actor.institutionId)} />
        <RenewalsAsked renewals={renewals} />
        <ClosedList prescriptions={prescriptions.filter(isEnded)} />
      </div>
    </Page>
  );
}
