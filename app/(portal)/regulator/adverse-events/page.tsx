import type { Metadata } from 'next';
import { ReportQueue } from '#components/adverseEvents/ReportQueue.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { reportQueue } from '#server/adverseEvents/queries.ts';
import { readActor } from '#server/people/queries.ts';

const { title } = t.adverseEvents;
export const metadata: Metadata = { title };

export default async function AdverseEventsPage() {
  const actor = requireRole(await readActor(), 'regulator');
  return (
    <Page title={title}>
      <div className="max-w-[62rem]">
        <ReportQueue reports={await reportQueue(actor)} institution={actor.institutionId ?? ''} />
      </div>
    </Page>
  );
}
