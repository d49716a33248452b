import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { RecordFrame } from '#components/patient/RecordFrame.tsx';
import { OwnRecord } from '#components/records/OwnRecord.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { representationsOf } from '#server/patients/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { findNamedRecord } from '#server/records/queries.ts';

export const metadata: Metadata = { title: t.recordPages.title };

interface Address {
  /** Pseudonym of somebody whom the reader represents; absent for the own record. */
  for?: string | string[];
}

export default async function RecordPage({ searchParams }: { searchParams: Promise<Address> }) {
  const actor = requireRole(await readActor(), 'patient');
  const [facts, { byMe }] = await Promise.all([
    findNamedRecord(actor, (await searchParams).for),
    representationsOf(actor),
  ]);
  if (!facts) notFound();
  return (
    <RecordFrame page="record" facts={facts} represented={byMe}>
      <OwnRecord facts={facts} author={{ id: actor.subjectId, name: actor.name }} />
    </RecordFrame>
  );
}
