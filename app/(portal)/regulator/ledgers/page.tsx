import type { Metadata } from 'next';
import { LiveLedgers } from '#components/regulator/LiveLedgers.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { ledgerHealth, overview } from '#server/regulator/queries.ts';

export const metadata: Metadata = { title: t.regulator.health.title };

export default async function LedgersPage() {
  const actor = requireRole(await readActor(), 'regulator');
  const [figures, health] = await Promise.all([overview(actor), ledgerHealth(actor)]);
  return <LiveLedgers initial={{ ...figures, health }} />;
}
