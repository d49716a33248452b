import type { Metadata } from 'next';
import { RegisterScreen } from '#components/controlled/RegisterScreen.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { controlledPrescriptions } from '#server/controlled/queries.ts';
import { readActor } from '#server/people/queries.ts';

const { title } = t.controlled;
export const metadata: Metadata = { title };

export default async function ControlledPage() {
  const actor = requireRole(await readActor(), 'regulator');
  return (
    <Page title={title}>
      <div className="max-w-[70rem]">
        <RegisterScreen list={await controlledPrescriptions(actor)} institution={actor.institutionId ?? ''} />
      </div>
    </Page>
  );
}
