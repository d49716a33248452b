import { CircleCheck, CircleX, Scale, TriangleAlert, UserRoundSearch } from 'lucide-react';
import type { Plan } from '#chaincode/model/plan.ts';
import { StepList } from '#components/claims/StepList.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import type { Adjudication } from '#coverage/adjudicate.ts';
import { t } from '#messages/en.ts';

const text = t.claimsCase.rules;
const list = new Intl.ListFormat('en');

/** What the plan's rules say of a claim, what is unusual about it, and each step. */
export function RulesPanel({
  judged,
  plan,
  beside,
}: {
  judged: Adjudication | undefined;
  plan: Plan;
  beside: { opened: number; all: number; closed: number };
}) {
  const { terms, version } = plan;
  const proposal = judged?.review === undefined ? judged : judged.proposal;
  const why =
    judged?.trace.filter(({ code, verdict }) => verdict === 'review' && code !== 'signal' && code !== 'outcome') ?? [];
  const signals = judged?.trace.filter(({ code, verdict }) => code === 'signal' && verdict !== 'passed') ?? [];
  return (
    <Panel labelledBy="rules">
      <PanelHead
        id="rules"
        title={text.title}
        icon={Scale}
        remark={text.plan(terms.name, formatNumber(version))}
        aside={
          proposal && (
            <Pill
              tone={proposal.outcome === 'denied' ? 'danger' : 'ok'}
              icon={proposal.outcome === 'denied' ? CircleX : CircleCheck}
            >
              {text.proposal[proposal.outcome]}
            </Pill>
          )
        }
      />
      {judged === undefined ? (
        <p className="text-sm text-ink-2">{text.waiting}</p>
      ) : (
        <div className="space-y-4">
          <p className="text-sm text-ink-3">{text.remark}</p>
          {judged.review !== undefined && (
            <Notice tone="warn" icon={UserRoundSearch} title={text.person}>
              <p className="first-letter:uppercase">
                {list.format(judged.review.map((reason) => t.claims.reasons[reason]))}.
              </p>
              {why.length > 0 && <StepList steps={why} currency={terms.currency} />}
            </Notice>
          )}
          <div>
            <h3 className="flex flex-wrap items-center gap-x-2 text-sm font-bold">
              {signals.length > 0 && <TriangleAlert size={16} aria-hidden className="text-warn" />}
              {signals.length > 0 ? text.signals : text.noSignals}
            </h3>
            {signals.length > 0 && (
              <div className="mt-1.5">
                <StepList steps={signals} currency={terms.currency} />
              </div>
            )}
            <p className="mt-1 text-sm text-ink-3" aria-live="polite">
              {[
                text.beside(formatNumber(beside.opened), formatNumber(beside.all)),
                beside.closed > 0 && text.closed(formatNumber(beside.closed)),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </div>
          <details>
            <summary className="cursor-pointer text-sm font-semibold">{text.steps}</summary>
            <div className="mt-2">
              <StepList steps={judged.trace} currency={terms.currency} />
            </div>
          </details>
        </div>
      )}
    </Panel>
  );
}
