import type { Metadata } from 'next';
import { z } from 'zod';
import { FiguresScreen } from '#components/insurer/FiguresScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { claimFigures } from '#server/claims/queries.ts';
import { figuresAsked } from '#server/claims/schema.ts';
import { readActor } from '#server/people/queries.ts';

const { title } = t.claimsFigures;
export const metadata: Metadata = { title };

/** What an address says otherwise counts as not said. */
const address = z.object({ weeks: z.coerce.number().pipe(figuresAsked.shape.weeks).catch(12) });

export default async function FiguresPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const actor = requireRole(await readActor(), 'insurer');
  const asked = address.parse(await searchParams);
  return (
    <Page title={title}>
      <FiguresScreen figures={await claimFigures(actor, asked)} asked={asked} />
    </Page>
  );
}
