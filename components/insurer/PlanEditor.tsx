'use client';

import { ArrowLeft, ArrowRight, PenLine } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useRef, useState } from 'react';
import { useChange } from '#components/registry/useChange.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { newIdentifier } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';
import type { PlanView } from '#server/claims/schema.ts';
import { DryRunPanel } from './DryRunPanel.tsx';
import { PricesSection, RulesSection } from './PlanLists.tsx';
import { BasicsSection, BenefitsSection, LimitsSection, TiersSection } from './PlanSections.tsx';
import { type PlanDraft, planDraftOf } from './planDraft.ts';
import { dayOf } from './policyPeriod.ts';
import { readPlan } from './readPlan.ts';

const text = t.claimsPlans.editor;

/** A new plan, or the next version of one: written, checked while it is typed, tried, and published by signature. */
export function PlanEditor({ plan, tokenAddress }: { plan?: PlanView; tokenAddress: string }) {
  const router = useRouter();
  const { busy, problem, change } = useChange();
  const before = plan?.versions[0];
  const [draft, setDraft] = useState<PlanDraft>(() => planDraftOf(before?.terms, dayOf(new Date())));
  const [tried, setTried] = useState(false);
  const [id] = useState(() => plan?.id ?? newIdentifier('plan'));
  const form = useRef<HTMLFormElement>(null);
  const read = useMemo(() => readPlan(draft, new Date(), before), [draft, before]);
  const faults = 'faults' in read ? read.faults : new Map<string, string>();
  const version = (before?.version ?? 0) + 1;
  const section = {
    draft,
    faultOf: (field: string) => (tried ? (faults.get(field) ?? null) : null),
    set: (part: Partial<PlanDraft>) => setDraft((was) => ({ ...was, ...part })),
  };

  const toFirst = () => {
    // In the page's order, which is the reader's.
    const fields = [...(form.current?.querySelectorAll<HTMLElement>('[data-field]') ?? [])];
    fields.find(({ dataset }) => faults.has(dataset.field ?? ''))?.focus();
  };
  const publish = async () => {
    setTried(true);
    if ('faults' in read) return toFirst();
    const intent = { kind: 'claims:publishPlan' as const, plan: { id, version, ...read } };
    if (await change(intent, { [id]: read.terms.name })) router.push('/insurer/plans');
  };

  return (
    <form
      ref={form}
      noValidate
      className="max-w-[62rem] space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
    >
      <div className="flex flex-wrap items-center gap-3">
        <LinkButton size="sm" icon={ArrowLeft} href="/insurer/plans">
          {text.back}
        </LinkButton>
        <h2 className="text-lg font-bold">
          {before === undefined ? text.newTitle : text.title(before.terms.name, String(version))}
        </h2>
      </div>
      <p className="text-sm text-ink-2">{text.kept}</p>
      <BasicsSection {...section} fixed={before !== undefined} />
      <BenefitsSection {...section} />
      <TiersSection {...section} />
      <LimitsSection {...section} />
      <PricesSection {...section} />
      <RulesSection {...section} />
      {plan !== undefined && (
        <DryRunPanel
          plan={plan.id}
          insurer={plan.insurer}
          terms={'terms' in read ? read.terms : undefined}
          tokenAddress={tokenAddress}
        />
      )}
      <Panel as="div">
        <div className="space-y-4">
          {tried && faults.size > 0 && (
            <Notice
              tone="warn"
              live="alert"
              title={text.faults(String(faults.size))}
              actions={
                <Button size="sm" icon={ArrowRight} onClick={toFirst}>
                  {text.first}
                </Button>
              }
            />
          )}
          {problem && <ProblemNotice problem={problem} />}
          <Button type="submit" look="primary" icon={PenLine} busy={busy}>
            {text.publish}
          </Button>
        </div>
      </Panel>
    </form>
  );
}
