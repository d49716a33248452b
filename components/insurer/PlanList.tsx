'use client';

import { CircleCheck, CircleDashed, History, Lock, PenLine, Plus, ScrollText } from 'lucide-react';
import type { Plan } from '#chaincode/model/plan.ts';
import { versionInForce } from '#chaincode/model/plan.ts';
import { useChange } from '#components/registry/useChange.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatMoney, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { PlanView } from '#server/claims/schema.ts';

const text = t.claimsPlans;

/** The insurer's plans with their versions. `now`: when the page was read, in milliseconds. */
export function PlanList({ plans, now }: { plans: readonly PlanView[]; now: number }) {
  const { busy, problem, change } = useChange();
  return (
    <Panel labelledBy="plans">
      <PanelHead
        id="plans"
        title={text.list.title}
        icon={ScrollText}
        aside={
          <LinkButton look="primary" size="sm" icon={Plus} href="/insurer/plans?edit=new">
            {text.list.add}
          </LinkButton>
        }
      />
      <p className="max-w-prose text-sm text-ink-2">{text.list.body}</p>
      {problem && <ProblemNotice problem={problem} />}
      {plans.length === 0 ? (
        <Empty icon={ScrollText} title={text.list.none}>
          {text.list.noneBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {plans.map(({ id, state, versions }) => {
            const name = versions[0]?.terms.name ?? id;
            const inForce = versionInForce(versions, new Date(now));
            return (
              <li key={id} className="space-y-2 py-4">
                <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
                  <div className="min-w-0 flex-1 basis-64">
                    <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
                      <span className="font-bold">{name}</span>
                      <Pill tone={state === 'open' ? 'ok' : 'neutral'} icon={state === 'open' ? CircleCheck : Lock}>
                        {text.list.states[state]}
                      </Pill>
                    </p>
                    {inForce && <p className="mt-0.5 text-sm text-ink-2">{summaryOf(inForce)}</p>}
                    <p className="font-mono text-xs break-all text-ink-3">{id}</p>
                  </div>
                  <div className="flex flex-wrap gap-2">
                    <LinkButton
                      size="sm"
                      icon={PenLine}
                      href={`/insurer/plans?edit=${id}`}
                      aria-label={text.list.nextOf(name)}
                    >
                      {text.list.next}
                    </LinkButton>
                    {state === 'open' && (
                      <Button
                        size="sm"
                        look="danger"
                        icon={Lock}
                        busy={busy}
                        aria-label={text.list.closeOf(name)}
                        onClick={() => void change({ kind: 'claims:closePlan', id }, { [id]: name })}
                      >
                        {text.list.close}
                      </Button>
                    )}
                  </div>
                </div>
                <Versions versions={versions} inForce={inForce} now={now} />
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}

/** Newest first. */
function Versions({ versions, inForce, now }: { versions: readonly Plan[]; inForce: Plan | undefined; now: number }) {
  return (
    <details className="text-sm">
      <summary className="cursor-pointer font-semibold text-ink-2">
        {text.list.versions(formatNumber(versions.length))}
      </summary>
      <ol className="mt-2 space-y-2 border-l-2 border-line pl-3">
        {versions.map((each) => {
          const isComing = Date.parse(each.validFrom) > now;
          const isNow = each.version === inForce?.version;
          return (
            <li key={each.version}>
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <span className="font-semibold">
                  {text.list.version(formatNumber(each.version))} <Time value={each.validFrom} as="date" />
                </span>
                <Pill tone={isNow ? 'ok' : 'neutral'} icon={isNow ? CircleCheck : isComing ? CircleDashed : History}>
                  {isNow ? text.list.inForce : isComing ? text.list.coming : text.list.past}
                </Pill>
              </p>
              <p className="text-ink-2">{summaryOf(each)}</p>
            </li>
          );
        })}
      </ol>
    </details>
  );
}

function summaryOf({ terms }: Plan): string {
  const { benefits, deductible, annualLimit, currency, rules, prices } = terms;
  const words = text.summary;
  return [
    ...benefits.map(({ category, percent }) => words.benefit(t.claims.categories[category], formatNumber(percent))),
    deductible > 0 && words.deductible(formatMoney(deductible, currency)),
    annualLimit !== undefined && words.annualLimit(formatMoney(annualLimit, currency)),
    prices.length > 0 && words.prices(formatNumber(prices.length)),
    rules.length > 0 && words.rules(formatNumber(rules.length)),
  ]
    .filter(Boolean)
    .join(' · ');
}
