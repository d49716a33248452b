'use client';

import { ClipboardPen, LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useSigned } from '#components/signing/useSigned.ts';
import type { Names } from '#components/signing/wordsOf.ts';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDateTime } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { vaultClient } from '#components/vault/client.ts';
import { t } from '#messages/en.ts';
import type { PlanTerms } from '#monitoring/plan.ts';
import { defaultTerms } from '#monitoring/planDefaults.ts';
import { sendCircleBlock } from './circlePort.ts';
import type { FeedState } from './feedState.ts';
import type { Responder } from './PlanCalls.tsx';
import { PlanForm } from './PlanForm.tsx';
import { planSentences } from './planWords.ts';

const text = t.monitoringPages.plan;

/** What is watched for, in sentences; a clinician of the circle writes it anew. */
export function PlanPanel({
  patient,
  state,
  people,
  names,
  self,
  onSet,
}: {
  patient: string;
  state: FeedState;
  /** Clinicians with a seat. */
  people: readonly Responder[];
  names: Names;
  /** The clinician who may set it; absent for who only reads. */
  self?: string;
  onSet: () => void;
}) {
  const signed = useSigned();
  const [editing, setEditing] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const { plan } = state;
  const terms = plan?.opened?.terms;
  const nameOf = (id: string) => names[id] ?? id;

  const set = async (written: PlanTerms) => {
    const done = await attempt(async () => {
      const version = (plan?.entry.version ?? 0) + 1;
      const { intent, block } = await vaultClient().call('circleSealPlan', { patient, version, terms: written });
      await sendCircleBlock(patient, block);
      await signed(intent, { names });
      toast.success(text.recorded);
    });
    if (!done) return;
    setEditing(false);
    onSet();
  };

  return (
    <Panel labelledBy="plan">
      <PanelHead
        id="plan"
        icon={ClipboardPen}
        title={text.title}
        {...(plan?.opened && { remark: text.signed(nameOf(plan.opened.by), formatDateTime(plan.opened.at)) })}
        aside={
          self !== undefined &&
          !editing && (
            <Button size="sm" icon={ClipboardPen} onClick={() => setEditing(true)}>
              {plan === undefined ? text.set : text.change}
            </Button>
          )
        }
      />
      {problem && (
        <div className="mb-4">
          <ProblemNotice problem={problem} />
        </div>
      )}
      {plan?.problem && !editing && (
        <Notice tone="warn" title={text.unreadable}>
          <p>{text.unreadableBody}</p>
        </Notice>
      )}
      {editing && self !== undefined && (
        <>
          <PlanForm
            initial={terms ?? defaultTerms(self)}
            people={people}
            busy={busy}
            onSubmit={(written) => void set(written)}
          />
          <div className="mt-3">
            <Button look="quiet" onClick={() => setEditing(false)}>
              {t.shell.cancel}
            </Button>
          </div>
        </>
      )}
      {!editing && terms !== undefined && (
        <ul className="list-disc space-y-1 pl-5 text-sm">
          {planSentences(terms, nameOf).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {!editing && plan === undefined && state.loading && (
        <Notice icon={LoaderCircle} live="status" title={t.monitoringPages.day.loading} />
      )}
      {!editing && plan === undefined && !state.loading && (
        <Empty icon={ClipboardPen} title={text.none}>
          {text.noneBody}
        </Empty>
      )}
    </Panel>
  );
}
