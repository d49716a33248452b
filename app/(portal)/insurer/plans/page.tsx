import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { PlanEditor } from '#components/insurer/PlanEditor.tsx';
import { PlanList } from '#components/insurer/PlanList.tsx';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { listPlans } from '#server/claims/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { readTokenAddress } from '#server/wallet/queries.ts';

const { title } = t.claimsPlans;
export const metadata: Metadata = { title };

export default async function PlansPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const actor = requireRole(await readActor(), 'insurer');
  const { edit } = await searchParams;
  const own = (await listPlans(actor)).filter(({ insurer }) => insurer === actor.institutionId);
  const plan = own.find(({ id }) => id === edit);
  if (edit !== undefined && edit !== 'new' && plan === undefined) notFound();
  return (
    <Page title={title}>
      {edit === undefined ? (
        <div className="max-w-[62rem]">
          <PlanList plans={own} now={Date.now()} />
        </div>
      ) : (
        <PlanEditor key={String(edit)} tokenAddress={readTokenAddress()} {...(plan !== undefined && { plan })} />
      )}
    </Page>
  );
}
