import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { WaitingFlows } from '#components/flows/WaitingFlows.tsx';
import { KeysScreen } from '#components/keys/KeysScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { t } from '#messages/en.ts';
import { readDelegations } from '#server/delegations/queries.ts';
import { readActor, readKeys } from '#server/people/queries.ts';
import { listSessions } from '#server/session/queries.ts';
import { listWaitingSagas } from '#server/transactions/queries.ts';
import { isWalletKind } from '#server/transactions/schema.ts';

export const metadata: Metadata = { title: t.keys.title };

export default async function KeysPage() {
  const actor = await readActor();
  if (!actor) redirect('/sign-in');
  if (!actor.enrolled) {
    return (
      <Page title={t.keys.title}>
        <UnlockNotice />
      </Page>
    );
  }
  const [keys, sagas, sessions, delegations] = await Promise.all([
    readKeys(actor),
    listWaitingSagas(actor),
    listSessions(actor),
    readDelegations(actor),
  ]);
  return (
    <Page title={t.keys.title}>
      <div className="mb-5 empty:hidden">
        <WaitingFlows sagas={sagas.filter(({ kind }) => isWalletKind(kind))} />
      </div>
      <KeysScreen keys={keys} sessions={sessions} delegations={delegations} />
    </Page>
  );
}
