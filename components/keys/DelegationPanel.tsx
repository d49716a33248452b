'use client';

import { CircleStop, Plus, Workflow } from 'lucide-react';
import { useState } from 'react';
import { isDelegatingRole } from '#chaincode/model/delegation.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Hash } from '#components/ui/Facts.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { Delegations } from '#server/delegations/schema.ts';
import { DelegateDialog } from './DelegateDialog.tsx';
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
          {given.map(({ id, model, functions, until, state, endedAt }) => (
            <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
              <div className="min-w-0 flex-1 basis-52">
                <p className="font-bold">{model}</p>
                <p className="text-sm text-ink-2">
                  {functions.map((name) => t.registry.words.functions[name]).join(', ')}
                </p>
                <p className="text-sm text-ink-2">
                  {endedAt ? text.endedAt : text.inForceUntil} <Time value={endedAt ?? until} />
                </p>
              </div>
              <Pill tone={state === 'inForce' ? 'ok' : 'neutral'}>{text.states[state]}</Pill>
              {state === 'inForce' && (
                <Button size="sm" icon={CircleStop} disabled={busy} onClick={signed(() => void end(id))}>
                  {text.end}
                </Button>
              )}
            </li>
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
