import type { Metadata } from 'next';
import { RecallConsole } from '#components/regulator/RecallConsole.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readBasics } from '#server/supply/queries.ts';
import { listRecalls, recallCoverage } from '#server/trace/queries.ts';

export const metadata: Metadata = { title: t.trace.recalls.console };

export default async function RecallsPage({ searchParams }: { searchParams: Promise<{ recall?: string | string[] }> }) {
  const actor = requireRole(await readActor(), 'regulator');
  const wanted = (await searchParams).recall;
  const [basics, recalls] = await Promise.all([readBasics(actor), listRecalls(actor)]);
  const chosen = recalls.find(({ id }) => id === wanted) ?? recalls[0];
  return (
    <RecallConsole basics={basics} recalls={recalls} chosen={chosen ? await recallCoverage(actor, chosen.id) : null} />
  );
}
