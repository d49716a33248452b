import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { NewKeysBanner } from '#components/reenrolment/NewKeysBanner.tsx';
import { PortalFrame } from '#components/shell/PortalFrame.tsx';
import { readTheme } from '#components/shell/readTheme.ts';
import { listLinkedWallets, readActor, readVault } from '#server/people/queries.ts';
import { ownNewKeys } from '#server/reenrolment/queries.ts';
import { readChain } from '#server/wallet/queries.ts';

/** Every page in here has a signed-in person; each query asks its own policy besides. */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const actor = await readActor();
  if (!actor) redirect('/sign-in');
  const [vault, chain, linkedWallets, theme, newKeys] = await Promise.all([
    actor.enrolled ? readVault(actor) : null,
    readChain(actor),
    listLinkedWallets(actor),
    readTheme(),
    ownNewKeys(actor),
  ]);
  return (
    <PortalFrame
      vault={vault}
      chain={chain}
      linkedWallets={linkedWallets}
      person={{
        personId: actor.personId,
        subjectId: actor.subjectId,
        mspId: actor.mspId,
        name: actor.name,
        role: actor.role,
        institutionId: actor.institutionId,
        institutionName: actor.institutionName,
        theme,
      }}
    >
      {newKeys && <NewKeysBanner newKeys={newKeys} />}
      {children}
    </PortalFrame>
  );
}
