import type { Metadata } from 'next';
import { LedgersScreen } from '#components/ledgers/LedgersScreen.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { ledgerFigures } from '#server/ledgers/queries.ts';
import { readActor } from '#server/people/queries.ts';

export const metadata: Metadata = { title: t.ledgers.title };

export default async function LedgersPage() {
  const actor = requireRole(await readActor(), 'admin');
  return <LedgersScreen initial={await ledgerFigures(actor, 'hour')} at={Date.now()} />;
}
