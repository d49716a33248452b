import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { PortalFrame } from '#components/shell/PortalFrame.tsx';
import { readTheme } from '#components/shell/readTheme.ts';
import { readActor } from '#server/people/queries.ts';

/** Every page in here has a signed-in person; each query asks its own policy besides. */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const actor = await readActor();
  if (!actor) redirect('/sign-in');
  return (
    <PortalFrame
      person={{
        personId: actor.personId,
        name: actor.name,
        role: actor.role,
        institutionName: actor.institutionName,
        theme: await readTheme(),
      }}
    >
      {children}
    </PortalFrame>
  );
}
