'use client';

import { CircleCheck, CircleX, Clock3, FilePlus2, LogOut, type LucideIcon, ShieldCheck, ShieldOff } from 'lucide-react';
import { useState } from 'react';
import type { PolicyState } from '#chaincode/model/policy.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import type { Tone } from '#components/ui/tone.ts';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { PolicyView } from '#server/claims/schema.ts';

const text = t.insurance.policies;
const looks: Record<PolicyState, { tone: Tone; icon: LucideIcon }> = {
  applied: { tone: 'info', icon: Clock3 },
  active: { tone: 'ok', icon: CircleCheck },
  refused: { tone: 'danger', icon: CircleX },
  ended: { tone: 'neutral', icon: ShieldOff },
};

/** A patient's policies, newest first. `leave` signs and records that one ends, and throws what prevented it. */
export function PolicyList({
  policies,
  planNames,
  isUnlocked,
  onApply,
  leave,
}: {
  policies: readonly PolicyView[];
  /** By the plan's id. */
  planNames: Readonly<Record<string, string>>;
  isUnlocked: boolean;
  onApply: () => void;
  leave: (policy: PolicyView) => Promise<void>;
}) {
  const [leaving, setLeaving] = useState<PolicyView | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const end = async () => {
    if (leaving !== null && (await attempt(() => leave(leaving)))) setLeaving(null);
  };
  const apply = (
    <Button look="primary" icon={FilePlus2} disabled={!isUnlocked} onClick={onApply}>
      {text.apply}
    </Button>
  );
  return (
    <Panel labelledBy="insurance-policies">
      <PanelHead
        id="insurance-policies"
        icon={ShieldCheck}
        title={text.title}
        aside={policies.length > 0 ? apply : undefined}
      />
      {policies.length === 0 ? (
        <Empty icon={ShieldCheck} title={text.none} action={apply}>
          {text.noneBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {policies.map((policy) => (
            <li key={policy.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
              <div className="min-w-0 flex-1 basis-64">
                <p className="flex flex-wrap items-center gap-2">
                  <span className="font-bold break-words">{planNames[policy.plan] ?? policy.plan}</span>
                  <Pill {...looks[policy.state]}>{text.states[policy.state]}</Pill>
                </p>
                <p className="text-sm text-ink-2">
                  {policy.names[policy.insurer]} · {whenOf(policy)}
                </p>
              </div>
              {(policy.state === 'active' || policy.state === 'applied') && (
                <Button size="sm" icon={LogOut} disabled={!isUnlocked} onClick={() => setLeaving(policy)}>
                  {text.leave}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Dialog
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={text.leaveTitle}
        description={text.leaveBody}
        closeLabel={t.shell.close}
        actions={
          <>
            <Button onClick={() => setLeaving(null)}>{text.keep}</Button>
            <Button look="danger" icon={LogOut} busy={busy} onClick={end}>
              {text.leave}
            </Button>
          </>
        }
      >
        {problem && <ProblemNotice problem={problem} />}
      </Dialog>
    </Panel>
  );
}

function whenOf({ state, from, until, at, reason }: PolicyView): string {
  if (state === 'refused' && reason !== undefined) return text.refused(reason);
  if (from === undefined) return text.applied(formatDate(at));
  return until === undefined ? text.since(formatDate(from)) : text.period(formatDate(from), formatDate(until));
}
