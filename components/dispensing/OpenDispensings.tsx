'use client';

import { ListChecks } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Time } from '#components/ui/Time.tsx';
import { openDispensing } from '#components/vault/prescription.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { DispensingPlan, OpenDispensing } from '#server/dispensing/schema.ts';
import type { Wish } from './packSteps.ts';
import { EndingNotice, UnderWayPanel } from './UnderWayPanel.tsx';
import { useUnderWay } from './useUnderWay.ts';

const text = t.dispensing.underWay;

/** Dispenses of packs that this pharmacist began and did not finish, wherever that was. */
export function OpenDispensings({ open }: { open: OpenDispensing[] }) {
  if (open.length === 0) return null;
  return (
    <Panel labelledBy="open-dispensings">
      <PanelHead id="open-dispensings" title={text.title} remark={text.stopped} icon={ListChecks} />
      <ul className="space-y-3">
        {open.map((each) => (
          <OpenRow key={each.dispenseId} open={each} />
        ))}
      </ul>
    </Panel>
  );
}

function OpenRow({ open }: { open: OpenDispensing }) {
  const router = useRouter();
  const vault = useVault();
  const underWay = useUnderWay();
  const [plan, setPlan] = useState<DispensingPlan | 'unreadable' | null>(null);
  const isUnlocked = vault.state === 'open';

  useEffect(() => {
    if (!isUnlocked) return setPlan(null);
    let current = true;
    openDispensing(open).then(
      (opened) => current && setPlan(opened),
      () => current && setPlan('unreadable'),
    );
    return () => {
      current = false;
    };
  }, [isUnlocked, open]);

  const run = async (wish: Wish) => {
    if (plan === null || plan === 'unreadable') return;
    const ending = await underWay.run(plan, wish);
    if (ending === undefined) return;
    toast.success(ending.kind === 'done' ? text.done : text.takenBack);
    router.refresh();
  };

  return (
    <li className="space-y-2">
      <p className="text-sm text-ink-2">
        {text.begun} <Time value={open.begun} />
      </p>
      {plan === null && <p className="text-sm">{text.sealed}</p>}
      {plan === 'unreadable' && <p className="text-sm">{text.unreadable}</p>}
      {plan !== null && plan !== 'unreadable' && (
        <UnderWayPanel underWay={{ ...underWay, plan }} onRun={(wish) => void run(wish)} />
      )}
      {underWay.ending && <EndingNotice ending={underWay.ending} />}
    </li>
  );
}
