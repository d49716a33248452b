import type { Metadata } from 'next';
import { EntryPanel } from '#components/formulary/EntryPanel.tsx';
import { ImportPanel } from '#components/formulary/ImportPanel.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { managedFormulary } from '#server/formulary/queries.ts';
import { readActor } from '#server/people/queries.ts';

const { title } = t.formulary;
export const metadata: Metadata = { title };

export default async function FormularyPage() {
  const actor = requireRole(await readActor(), 'admin');
  const view = await managedFormulary(actor);
  const name = actor.institutionName ?? view.scope;
  return (
    <Page title={title}>
      <div className="max-w-[62rem] space-y-5">
        <EntryPanel view={view} scopeName={name} />
        <ImportPanel scope={view.scope} scopeName={name} national={view.national} />
      </div>
    </Page>
  );
}
