'use client';

import { Workflow } from 'lucide-react';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { StaffDelegation } from '#server/delegations/schema.ts';
import { DelegationRow } from './DelegationRow.tsx';
import { useDelegations } from './useDelegations.ts';

const text = t.keys.delegations.staff;

/** In whose names the institution's software signs; its admin ends each at once. */
export function StaffDelegations({ delegations }: { delegations: StaffDelegation[] }) {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const { end, busy, problem } = useDelegations();
  return (
    <Panel labelledBy="staff-delegations">
      <PanelHead id="staff-delegations" title={text.heading} remark={text.remark} icon={Workflow} />
      {delegations.length === 0 ? (
        <Empty icon={Workflow} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {delegations.map((one) => (
            <DelegationRow
              key={one.id}
              delegation={one}
              who={one.practitioner.name}
              busy={busy}
              onEnd={() =>
                vault.state === 'open' ? void end(one.id, text.endedNow(one.practitioner.name)) : openDialog()
              }
            />
          ))}
        </ul>
      )}
      {problem && (
        <div className="mt-3">
          <ProblemNotice problem={problem} />
        </div>
      )}
    </Panel>
  );
}
