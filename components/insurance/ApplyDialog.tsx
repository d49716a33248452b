'use client';

import { Send } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { formatBirthDate, formatMoney } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import type { Insured } from '#crypto/claim/details.ts';
import { t } from '#messages/en.ts';
import type { PlanView } from '#server/claims/schema.ts';

const text = t.insurance.apply;

/** Chooses a plan and applies for it. `apply` encrypts, signs and records, and throws what prevented it; the form stays then. */
export function ApplyDialog({
  plans,
  insured,
  apply,
  onClose,
}: {
  /** Those that take members. */
  plans: readonly PlanView[];
  insured: Insured;
  apply: (plan: PlanView) => Promise<void>;
  onClose: () => void;
}) {
  const [chosen, setChosen] = useState<PlanView | undefined>(plans[0]);
  const { busy, problem, attempt } = useAttempt();
  const id = useId();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== undefined && (await attempt(() => apply(chosen)))) onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title}
      closeLabel={t.shell.close}
      place="drawer"
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          <Button type="submit" form={id} look="primary" icon={Send} busy={busy} disabled={chosen === undefined}>
            {text.send}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="space-y-5 pt-1">
        {plans.length === 0 ? (
          <p>{text.noPlans}</p>
        ) : (
          <fieldset className="space-y-2">
            <legend className="mb-1.5 text-sm font-semibold text-ink-2">{text.plan}</legend>
            {plans.map((plan) => (
              <PlanChoice
                key={plan.id}
                plan={plan}
                isChosen={plan.id === chosen?.id}
                name={id}
                onChoose={() => setChosen(plan)}
              />
            ))}
          </fieldset>
        )}
        <p className="text-sm text-ink-2">
          {text.sees(insured.name, formatBirthDate(insured.birthDate), insured.identifier.value)}
        </p>
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}

function PlanChoice({
  plan: { insurerName, versions },
  isChosen,
  name,
  onChoose,
}: {
  plan: PlanView;
  isChosen: boolean;
  name: string;
  onChoose: () => void;
}) {
  const terms = versions[0]?.terms;
  if (terms === undefined) return null;
  const { deductible, outOfPocketLimit, currency } = terms;
  const said = [
    deductible === 0 ? text.noDeductible : text.deductible(formatMoney(deductible, currency)),
    ...(outOfPocketLimit === undefined ? [] : [text.most(formatMoney(outOfPocketLimit, currency))]),
  ];
  return (
    <label className="flex cursor-pointer items-start gap-3 rounded-md border border-line p-3 has-checked:border-brand has-checked:bg-brand-soft">
      <input type="radio" name={name} checked={isChosen} onChange={onChoose} className="mt-1 size-5 shrink-0" />
      <span className="min-w-0">
        <span className="block font-bold">{terms.name}</span>
        <span className="block text-sm text-ink-2">{text.insurer(insurerName)}</span>
        <span className="block text-sm">{said.join(' · ')}</span>
      </span>
    </label>
  );
}
