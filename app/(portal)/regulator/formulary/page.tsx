import type { Metadata } from 'next';
import { EntryPanel } from '#components/formulary/EntryPanel.tsx';
import { ImportPanel } from '#components/formulary/ImportPanel.tsx';
import { ShortProducts } from '#components/formulary/ShortProducts.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { managedFormulary, shortProducts } from '#server/formulary/queries.ts';
import { readActor } from '#server/people/queries.ts';

const { title } = t.formulary;
export const metadata: Metadata = { title };

export default async function FormularyPage() {
  const actor = requireRole(await readActor(), 'regulator');
  const [view, short] = await Promise.all([managedFormulary(actor), shortProducts(actor)]);
  return (
    <Page title={title}>
      <div className="max-w-[62rem] space-y-5">
        <ShortProducts products={short} />
        <EntryPanel view={view} scopeName={t.formulary.words.forAll} />
        <ImportPanel scope={view.scope} scopeName={t.formulary.words.forAll} />
      </div>
    </Page>
  );
}
