import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { SharingScreen } from '#components/consents/SharingScreen.tsx';
import { RecordFrame } from '#components/patient/RecordFrame.tsx';
import { recordAddress } from '#components/patient/recordAddress.ts';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { representationsOf } from '#server/patients/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { findNamedRecord } from '#server/records/queries.ts';

export const metadata: Metadata = { title: t.patient.titles.sharing };

interface Address {
  /** Pseudonym of somebody whom the reader represents; absent for the own record. */
  for?: string | string[];
}

export default async function SharingPage({ searchParams }: { searchParams: Promise<Address> }) {
  const actor = requireRole(await readActor(), 'patient');
  const [facts, { byMe }] = await Promise.all([
    findNamedRecord(actor, (await searchParams).for),
    representationsOf(actor),
  ]);
  if (!facts) notFound();
  return (
    <RecordFrame page="sharing" facts={facts} represented={byMe}>
      <SharingScreen
        facts={facts}
        recordAddress={recordAddress('record', facts.reach === 'own' ? undefined : facts.pseudonym)}
      />
    </RecordFrame>
  );
}
