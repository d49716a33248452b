import { Printer } from 'lucide-react';
import type { Metadata } from 'next';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { LabelSheet } from '#components/supply/LabelSheet.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { readLabels } from '#server/supply/queries.ts';

const text = t.supply.labels;
export const metadata: Metadata = { title: text.title };

export default async function LabelsPage({ params }: { params: Promise<{ gtin: string; batch: string }> }) {
  const actor = requireRole(await readActor(), 'supplier');
  const { gtin, batch } = await params;
  const labels = await readLabels(actor, { gtin, batch: decodeURIComponent(batch) });
  return (
    <Page title={text.title}>
      {labels.serials.length === 0 ? (
        <Panel>
          <Empty icon={Printer} title={text.none}>
            {text.noneBody}
          </Empty>
        </Panel>
      ) : (
        <LabelSheet labels={labels} />
      )}
    </Page>
  );
}
