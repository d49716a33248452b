'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { dueOfPatient } from '#components/claims/leftToDo.ts';
import { useListed } from '#components/claims/useListed.ts';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import type { Insured } from '#crypto/claim/details.ts';
import { t } from '#messages/en.ts';
import { moreOwnClaims } from '#server/claims/actions.ts';
import type { ClaimView, InsuranceView, PlanView, ProviderView } from '#server/claims/schema.ts';
import type { OwnAssistance } from '#server/fund/schema.ts';
import { ApplyDialog } from './ApplyDialog.tsx';
import { AuthoriseDialog } from './AuthoriseDialog.tsx';
import { BillDrawer } from './BillDrawer.tsx';
import { BillersPanel } from './BillersPanel.tsx';
import { BillList } from './BillList.tsx';
import { billAddress, insuranceAddress } from './billAddress.ts';
import { HelpPanel } from './HelpPanel.tsx';
import { PayPanel } from './PayPanel.tsx';
import { PolicyList } from './PolicyList.tsx';
import { StatementPanel } from './StatementPanel.tsx';
import { useInsurance } from './useInsurance.ts';

const text = t.insurance;
/** So many say by themselves what they are for; others once they are opened. */
const mostNamed = 30;
const decided: readonly ClaimView['state'][] = ['approved', 'partlyApproved', 'settled', 'anchored'];

/** A patient's insurance: bills first, then who may bill, and the policies. */
export function InsuranceScreen({
  view,
  plans,
  providers,
  insured,
  assistance,
  told,
}: {
  view: InsuranceView;
  plans: readonly PlanView[];
  providers: readonly ProviderView[];
  insured: Insured;
  /** What was asked of the assistance fund. */
  assistance: readonly OwnAssistance[];
  /** A bill that the address names, which may be none of the newest. */
  told?: ClaimView | undefined;
}) {
  const vault = useVault();
  const insurance = useInsurance(view, insured);
  const list = useListed(view.claims, async (page) => expectData(await moreOwnClaims({ page })));
  const [dialog, setDialog] = useState<'apply' | 'authorise' | null>(null);
  // Notices lead to a bill by its address.
  const shown = useSearchParams().get('bill');
  const show = (address: string) => window.history.replaceState(null, '', address);
  const [now] = useState(() => Date.now());
  const isUnlocked = vault.state === 'open';
  const { openAll } = insurance;
  const bill = list.entries.find(({ id }) => id === shown) ?? (told?.id === shown ? told : undefined);

  useEffect(() => {
    if (isUnlocked) void openAll(list.entries.slice(0, mostNamed));
  }, [isUnlocked, list.entries, openAll]);
  useEffect(() => {
    if (isUnlocked && bill !== undefined) void openAll([bill]);
  }, [isUnlocked, bill, openAll]);

  const planNames = Object.fromEntries(plans.map(({ id, versions }) => [id, versions[0]?.terms.name ?? id]));
  const inForce = view.policies.filter(({ state }) => state === 'active');
  const billing = view.authorisations.filter(({ state, until }) => state === 'active' && Date.parse(until) > now);
  const free = providers.filter(({ id }) => !billing.some(({ institution }) => institution === id));

  return (
    <div className="space-y-5">
      <p className="max-w-prose text-ink-2">{text.intro}</p>
      {!isUnlocked && <UnlockNotice />}
      <BillList list={list} nameOf={({ id }) => insurance.nameOf(id)} onOpen={({ id }) => show(billAddress(id))} />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <BillersPanel
          authorisations={billing}
          canAdd={inForce.length > 0 && free.length > 0}
          isUnlocked={isUnlocked}
          onAdd={() => setDialog('authorise')}
          revoke={insurance.revoke}
        />
        <PolicyList
          policies={view.policies}
          planNames={planNames}
          isUnlocked={isUnlocked}
          onApply={() => setDialog('apply')}
          leave={insurance.leave}
        />
      </div>
      <StatementPanel list={list} holder={insured.name} prepare={insurance.openAll} />
      {dialog === 'apply' && (
        <ApplyDialog
          plans={plans.filter(({ state }) => state === 'open')}
          insured={insured}
          apply={insurance.apply}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'authorise' && (
        <AuthoriseDialog
          policies={inForce}
          providers={free}
          planNames={planNames}
          authorise={insurance.authorise}
          onClose={() => setDialog(null)}
        />
      )}
      {bill !== undefined && (
        <BillDrawer
          bill={bill}
          name={insurance.nameOf(bill.id) ?? t.claims.categories[bill.category]}
          opened={insurance.opened.get(bill.id)}
          appeal={(words) => insurance.appeal(bill, words)}
          pay={isUnlocked && payable(bill) ? <PayPanel bill={bill} onPaid={insurance.refresh} /> : undefined}
          help={
            <HelpPanel
              asked={assistance.find(({ claim }) => claim === bill.id)}
              currency={bill.currency}
              ask={isUnlocked && payable(bill) ? (ground) => insurance.askHelp(bill, ground) : undefined}
            />
          }
          onClose={() => show(insuranceAddress)}
        />
      )}
    </div>
  );
}

/** Whether something of the patient's share is left by what the ledger knows. */
const payable = (bill: ClaimView) => decided.includes(bill.state) && dueOfPatient(bill) > 0;
