import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';
import { WatchedPatient } from '#components/monitoring/WatchedPatient.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { listAlerts } from '#server/alerts/queries.ts';
import { findCircle } from '#server/circles/queries.ts';
import { readActor } from '#server/people/queries.ts';

export const metadata: Metadata = { title: t.monitoringPages.titles.patient };

export default async function WatchedPatientPage({ params }: { params: Promise<{ patient: string }> }) {
  const actor = requireRole(await readActor(), 'doctor');
  const patient = patientPseudonym.safeParse((await params).patient);
  const facts = patient.success ? await findCircle(actor, patient.data) : undefined;
  if (!facts) notFound();
  const { pseudonym, name } = facts.patient;
  const alerts = await listAlerts(actor, { patient: pseudonym, which: 'all' });
  return (
    <Page title={name ?? t.monitoringPages.titles.patient}>
      <WatchedPatient key={pseudonym} facts={facts} alerts={alerts} institution={actor.institutionId ?? undefined} />
    </Page>
  );
}
