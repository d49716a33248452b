import type { Metadata } from 'next';
import { DispenseScreen } from '#components/dispensing/DispenseScreen.tsx';
import { todayOf } from '#components/dispensing/todayOf.ts';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { listPrescriptions } from '#server/prescriptions/queries.ts';

export const metadata: Metadata = { title: t.dispensing.title };

export default async function PharmacyPage() {
  const actor = requireRole(await readActor(), 'pharmacist');
  const prescriptions = await listPrescriptions(actor, { scope: 'held' });
  return <DispenseScreen today={todayOf(prescriptions, actor.institutionName ?? '', new Date())} />;
}
