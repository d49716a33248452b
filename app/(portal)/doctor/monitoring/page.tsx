import type { Metadata } from 'next';
import { MonitoringScreen } from '#components/monitoring/MonitoringScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { listAlerts } from '#server/alerts/queries.ts';
import { listCircles } from '#server/circles/queries.ts';
import { readActor } from '#server/people/queries.ts';

export const metadata: Metadata = { title: t.monitoringPages.wall.title };

export default async function MonitoringPage() {
  const actor = requireRole(await readActor(), 'doctor');
  const [circles, alerts] = await Promise.all([listCircles(actor), listAlerts(actor, { which: 'all' })]);
  return (
    <Page title={t.monitoringPages.wall.title}>
      <MonitoringScreen circles={circles} alerts={alerts} />
    </Page>
  );
}
