import type { Metadata } from 'next';
import { LiveOverview } from '#components/regulator/LiveOverview.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { ledgerFigures } from '#server/ledgers/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { overview } from '#server/regulator/queries.ts';

export const metadata: Metadata = { title: t.regulator.title };

export default async function ActivityPage() {
  const actor = requireRole(await readActor(), 'regulator');
  const [figures, { health }] = await Promise.all([overview(actor), ledgerFigures(actor, 'hour')]);
  return <LiveOverview initial={{ ...figures, health }} />;
}
