import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ReadingsScreen } from '#components/monitoring/ReadingsScreen.tsx';
import { RecordFrame } from '#components/patient/RecordFrame.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { listAlerts } from '#server/alerts/queries.ts';
import { findCircle } from '#server/circles/queries.ts';
import { representationsOf } from '#server/patients/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { findNamedRecord } from '#server/records/queries.ts';

export const metadata: Metadata = { title: t.patient.titles.readings };

interface Address {
  /** Pseudonym of somebody whom the reader represents; absent for the own readings. */
  for?: string | string[];
}

export default async function ReadingsPage({ searchParams }: { searchParams: Promise<Address> }) {
  const actor = requireRole(await readActor(), 'patient');
  const [facts, { byMe }] = await Promise.all([
    findNamedRecord(actor, (await searchParams).for),
    representationsOf(actor),
  ]);
  if (!facts) notFound();
  const { pseudonym, name } = facts;
  const [circle, alerts] = await Promise.all([
    findCircle(actor, pseudonym),
    listAlerts(actor, { patient: pseudonym, which: 'all' }),
  ]);
  if (!circle) notFound();
  return (
    <RecordFrame page="readings" facts={facts} represented={byMe}>
      <ReadingsScreen key={pseudonym} facts={circle} name={name} alerts={alerts} />
    </RecordFrame>
  );
}
