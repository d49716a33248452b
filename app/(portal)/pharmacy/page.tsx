import type { Metadata } from 'next';
import { DispenseScreen } from '#components/dispensing/DispenseScreen.tsx';
import { todayOf } from '#components/dispensing/todayOf.ts';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { listCards, listClaims } from '#server/claims/queries.ts';
import { listDispensings } from '#server/dispensing/queries.ts';
import { medicineStatuses } from '#server/formulary/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { listPrescriptions } from '#server/prescriptions/queries.ts';
import { prescriptionId } from '#server/prescriptions/schema.ts';
import { readBasics } from '#server/supply/queries.ts';
import { listWaitingSagas } from '#server/transactions/queries.ts';
import { isPrescriptionKind } from '#server/transactions/schema.ts';

export const metadata: Metadata = { title: t.dispensing.title };

export default async function PharmacyPage({ searchParams }: { searchParams: Promise<{ held?: string | string[] }> }) {
  const actor = requireRole(await readActor(), 'pharmacist');
  const { held } = await searchParams;
  const [sagas, open, { institutionId, own }, prescriptions, statuses, cards, asked] = await Promise.all([
    listWaitingSagas(actor),
    listDispensings(actor),
    readBasics(actor),
    listPrescriptions(actor, { scope: 'held' }),
    medicineStatuses(actor),
    listCards(actor),
    listClaims(actor, { use: 'preauthorisation' }),
  ]);
  const today = todayOf(prescriptions, actor.institutionName ?? '', new Date());
  return (
    <DispenseScreen
      sagas={sagas.filter(({ kind }) => isPrescriptionKind(kind))}
      today={today}
      open={open}
      held={prescriptionId.safeParse(held).data}
      statuses={statuses}
      insurance={{ cards, asked: asked.entries }}
      supply={{ institutionId, places: own }}
    />
  );
}
