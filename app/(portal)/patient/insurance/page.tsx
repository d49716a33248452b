import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { InsuranceScreen } from '#components/insurance/InsuranceScreen.tsx';
import { NotOfWards } from '#components/insurance/NotOfWards.tsx';
import { RecordFrame } from '#components/patient/RecordFrame.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { findOwnClaim, insuredAs, listPlans, listProviders, ownInsurance } from '#server/claims/queries.ts';
import { ownAssistance } from '#server/fund/queries.ts';
import { representationsOf } from '#server/patients/queries.ts';
import { readActor } from '#server/people/queries.ts';
import type { Actor } from '#server/people/schema.ts';
import { findNamedRecord } from '#server/records/queries.ts';

export const metadata: Metadata = { title: t.insurance.title };

interface Address {
  /** A bill that is open. */
  bill?: string | string[];
  /** Pseudonym of somebody whom the reader represents. */
  for?: string | string[];
}

export default async function InsurancePage({ searchParams }: { searchParams: Promise<Address> }) {
  const actor = requireRole(await readActor(), 'patient');
  const { bill, for: named } = await searchParams;
  const [facts, { byMe }] = await Promise.all([findNamedRecord(actor, named), representationsOf(actor)]);
  if (!facts) notFound();
  return (
    <RecordFrame page="insurance" facts={facts} represented={byMe}>
      {facts.reach === 'own' ? <OwnInsurance actor={actor} bill={bill} /> : <NotOfWards {...facts} />}
    </RecordFrame>
  );
}

async function OwnInsurance({ actor, bill }: { actor: Actor; bill: Address['bill'] }) {
  const [view, plans, providers, insured, assistance, told] = await Promise.all([
    ownInsurance(actor),
    listPlans(actor),
    listProviders(actor),
    insuredAs(actor),
    ownAssistance(actor),
    findOwnClaim(actor, bill),
  ]);
  return (
    <InsuranceScreen
      view={view}
      plans={plans}
      providers={providers}
      insured={insured}
      assistance={assistance}
      told={told}
    />
  );
}
