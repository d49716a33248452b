import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { KeysScreen } from '#components/keys/KeysScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { t } from '#messages/en.ts';
import { readActor, readKeys } from '#server/people/queries.ts';

export const metadata: Metadata = { title: t.keys.title };

export default async function KeysPage() {
  const actor = await readActor();
  if (!actor) redirect('/sign-in');
  return (
    <Page title={t.keys.title}>{actor.enrolled ? <KeysScreen keys={await readKeys(actor)} /> : <UnlockNotice />}</Page>
  );
}
