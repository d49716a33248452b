import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { StoryScreen } from '#components/supply/StoryScreen.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';

const { title } = t.supply.trace;
export const metadata: Metadata = { title };

export default async function TracePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  requireRole(await readActor(), 'pharmacist');
  const { gtin, serial } = await searchParams;
  return (
    <Page title={title}>
      <StoryScreen {...(typeof gtin === 'string' && typeof serial === 'string' && { asked: { gtin, serial } })} />
    </Page>
  );
}
