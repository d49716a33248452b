'use client';

import { Plus, Workflow } from 'lucide-react';
import { useState } from 'react';
import { isDelegatingRole } from '#chaincode/model/delegation.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Hash } from '#components/ui/Facts.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { Delegations } from '#server/delegations/schema.ts';
import { DelegateDialog } from './DelegateDialog.tsx';
import { DelegationRow } from './DelegationRow.tsx';
import { useDelegations } from './useDelegations.ts';

const text = t.keys.delegations;

/** Which software of the institution signs in this person's name, and what it has signed. */
export function DelegationPanel({ delegations: { given, systems, acts } }: { delegations: Delegations }) {
  const { role } = usePerson();
  const vault = useVault();
  const { openDialog } = useUnlock();
  const { give, end, busy, problem } = useDelegations();
  const [choosing, setChoosing] = useState(false);
  const signed = (act: () => void) => () => (vault.state === 'open' ? act() : openDialog());
  if (!isDelegatingRole(role)) return null;

  return (
    <Panel labelledBy="delegations">
      <PanelHead
        id="delegations"
        title={text.title}
        remark={text.remark}
        icon={Workflow}
        aside={
          systems.length > 0 && (
            <Button icon={Plus} disabled={busy} onClick={signed(() => setChoosing(true))}>
              {text.add}
            </Button>
          )
        }
      />
      {given.length === 0 ? (
        <Empty icon={Workflow} title={text.empty}>
          {systems.length > 0 ? text.emptyBody : text.noSystems}
        </Empty>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {given.map((one) => (
            <DelegationRow key={one.id} delegation={one} busy={busy} onEnd={signed(() => void end(one.id))} />
          ))}
        </ul>
      )}
      {given.length > 0 && (
        <div className="mt-4">
          <h3 className="mb-1 font-bold">{text.acts}</h3>
          {acts.length === 0 && <p className="text-sm text-ink-2">{text.noActs}</p>}
          <ul className="divide-y divide-line text-sm">
            {acts.map(({ prescription, version, state, model, at }) => (
              <li key={`${prescription} ${version}`} className="flex flex-wrap gap-x-3 gap-y-1 py-2">
                <Time value={at} />
                <span>{version === 1 ? text.issued : t.prescriptions.states[state]}</span>
                <Hash>{prescription}</Hash>
                <span className="text-ink-2">{model}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {problem && (
        <div className="mt-3">
          <ProblemNotice problem={problem} />
        </div>
      )}
      {choosing && (
        <DelegateDialog
          open
          role={role}
          systems={systems}
          onGive={(wanted, model) => void give(wanted, model)}
          onClose={() => setChoosing(false)}
        />
      )}
    </Panel>
  );
}
