import { MessageSquareWarning } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ClinicianRecord } from '#components/clinician/ClinicianRecord.tsx';
import { whichPatient } from '#components/clinician/recordAddress.ts';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { LinkButton } from '#components/ui/Button.tsx';
import { t } from '#messages/en.ts';
import { listEmergencies } from '#server/access/queries.ts';
import { listOwnRequests } from '#server/consents/queries.ts';
import { findPatient, readActor } from '#server/people/queries.ts';
import { findRecord } from '#server/records/queries.ts';

export const metadata: Metadata = { title: t.recordPages.patientTitle };

export default async function PatientRecordPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = requireRole(await readActor(), 'doctor');
  const facts = await findRecord(actor, whichPatient((await params).id));
  if (facts === undefined) notFound();
  const [emergencies, requests, prescribing] = await Promise.all([
    listEmergencies(actor, 'open'),
    listOwnRequests(actor, facts.pseudonym),
    findPatient(actor, facts.personId),
  ]);
  return (
    <Page
      title={t.recordPages.patientTitle}
      remarks={
        <LinkButton size="sm" icon={MessageSquareWarning} href={`/report?patient=${facts.pseudonym}`}>
          {t.shell.navigation.report}
        </LinkButton>
      }
    >
      <ClinicianRecord
        facts={facts}
        institution={{ id: actor.institutionId ?? '', name: actor.institutionName ?? '' }}
        emergencies={emergencies}
        requests={requests}
        prescribing={prescribing}
      />
    </Page>
  );
}
