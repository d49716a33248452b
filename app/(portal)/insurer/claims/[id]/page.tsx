import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { CaseScreen } from '#components/insurer/CaseScreen.tsx';
import { refundQuestion } from '#components/insurer/mismatchStep.ts';
import { Page } from '#components/shell/Page.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { findClaimCase } from '#server/claims/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { readTokenAddress } from '#server/wallet/queries.ts';

const { title } = t.claimsCase;
export const metadata: Metadata = { title };

export default async function ClaimPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ ask?: string | string[] }>;
}) {
  const actor = requireRole(await readActor(), 'insurer');
  const found = await findClaimCase(actor, (await params).id);
  if (found === undefined) notFound();
  return (
    <Page title={title}>
      <CaseScreen
        of={found}
        tokenAddress={readTokenAddress()}
        asks={refundQuestion.safeParse((await searchParams).ask).data}
      />
    </Page>
  );
}
