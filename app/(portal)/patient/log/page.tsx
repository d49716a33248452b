import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { LogScreen } from '#components/log/LogScreen.tsx';
import { RecordFrame } from '#components/patient/RecordFrame.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { emergenciesOfRecord, whoSaw } from '#server/access/queries.ts';
import { representationsOf } from '#server/patients/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { findNamedRecord } from '#server/records/queries.ts';

export const metadata: Metadata = { title: t.patient.titles.log };

interface Address {
  /** Pseudonym of somebody whom the reader represents; absent for the own record. */
  for?: string | string[];
}

export default async function LogPage({ searchParams }: { searchParams: Promise<Address> }) {
  const actor = requireRole(await readActor(), 'patient');
  const [facts, { byMe }] = await Promise.all([
    findNamedRecord(actor, (await searchParams).for),
    representationsOf(actor),
  ]);
  if (!facts) notFound();
  const { pseudonym } = facts;
  const [entries, emergencies] = await Promise.all([
    whoSaw(actor, { pseudonym }),
    emergenciesOfRecord(actor, { pseudonym }),
  ]);
  return (
    <RecordFrame page="log" width="reading" facts={facts} represented={byMe}>
      <LogScreen facts={facts} entries={entries} emergencies={emergencies} />
    </RecordFrame>
  );
}
