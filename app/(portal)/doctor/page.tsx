import { Pill } from 'lucide-react';
import type { Metadata } from 'next';
import { EmergencyList } from '#components/clinician/EmergencyList.tsx';
import { OpenAlerts } from '#components/monitoring/OpenAlerts.tsx';
import { Today } from '#components/prescribing/Today.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { LinkButton } from '#components/ui/Button.tsx';
import { t } from '#messages/en.ts';
import { listEmergencies } from '#server/access/queries.ts';
import { listAlerts } from '#server/alerts/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { listPrescriptions, listRenewals } from '#server/prescriptions/queries.ts';
import { listWaitingSagas } from '#server/transactions/queries.ts';
import { isPrescriptionKind } from '#server/transactions/schema.ts';

export const metadata: Metadata = { title: t.prescribing.today.title };

export default async function TodayPage() {
  const actor = requireRole(await readActor(), 'doctor');
  const [sagas, prescriptions, renewals, emergencies, alerts] = await Promise.all([
    listWaitingSagas(actor),
    listPrescriptions(actor, { scope: 'author' }),
    listRenewals(actor),
    listEmergencies(actor, 'open'),
    listAlerts(actor, { which: 'open' }),
  ]);
  return (
    <Page title={t.prescribing.today.title}>
      <div className="mb-5">
        <LinkButton href="/doctor/prescribe" look="primary" icon={Pill}>
          {t.prescribing.today.prescribe}
        </LinkButton>
      </div>
      <div className="mb-5 empty:hidden">
        <EmergencyList first={emergencies} />
      </div>
      <div className="mb-5 empty:hidden">
        <OpenAlerts first={alerts} />
      </div>
      <Today
        sagas={sagas.filter(({ kind }) => isPrescriptionKind(kind))}
        prescriptions={prescriptions}
        renewals={renewals}
      />
    </Page>
  );
}
