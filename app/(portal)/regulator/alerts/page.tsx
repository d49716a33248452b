import type { Metadata } from 'next';
import { AlertsScreen } from '#components/regulator/AlertsScreen.tsx';
import { alertAddressOf } from '#components/regulator/alertAddress.ts';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { alerts } from '#server/trace/queries.ts';
import { alertCase } from '#server/triage/queries.ts';

export const metadata: Metadata = { title: t.trace.triage.title };

export default async function AlertsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const actor = requireRole(await readActor(), 'regulator');
  const address = alertAddressOf(await searchParams);
  const { state, rule, alert, cursor } = address;
  const [page, chosen] = await Promise.all([
    alerts(actor, { state, rule, cursor }),
    alert === undefined ? null : alertCase(actor, alert),
  ]);
  return <AlertsScreen page={page} address={address} chosen={chosen} />;
}
