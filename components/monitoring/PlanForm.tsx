'use client';

import { Signature } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { PlanTerms } from '#monitoring/plan.ts';
import { PlanPeople, PlanQuiet, type Responder } from './PlanCalls.tsx';
import { PlanLimits } from './PlanLimits.tsx';
import { PlanScore } from './PlanScore.tsx';
import { PlanSilence } from './PlanSilence.tsx';
import { PlanTrends } from './PlanTrends.tsx';
import { type DraftFaults, draftOf, noFaults, type PlanDraft, termsOf } from './planDraft.ts';

const text = t.monitoringPlan;

/**
 * Writes a plan: under each field stands the sentence of what it does. `onSubmit` gets terms that are whole; the page seals and
 * signs them.
 */
export function PlanForm({
  initial,
  people,
  age,
  busy = false,
  onSubmit,
}: {
  initial: PlanTerms;
  /** Clinicians with a seat in the circle. */
  people: readonly Responder[];
  /** Whole years, where they are known. */
  age?: number;
  busy?: boolean;
  onSubmit: (terms: PlanTerms) => void;
}) {
  const [draft, setDraft] = useState<PlanDraft>(() =>
    draftOf(initial, Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  const [faults, setFaults] = useState<DraftFaults>(noFaults);
  const onChange = (changed: Partial<PlanDraft>) => setDraft((before) => ({ ...before, ...changed }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = termsOf(draft);
    if ('terms' in found) {
      setFaults(noFaults);
      onSubmit(found.terms);
    } else setFaults(found.faults);
  };
  const isFaulty = faults !== noFaults;
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <PlanLimits {...{ draft, faults, onChange }} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-2">
        <PlanScore {...{ draft, faults, age, onChange }} />
        <PlanTrends {...{ draft, faults, onChange }} />
        <PlanSilence {...{ draft, onChange }} />
        <PlanQuiet {...{ draft, onChange }} />
      </div>
      <PlanPeople {...{ draft, onChange, people }} />
      {isFaulty && (
        <Notice tone="danger" title={text.invalid} live="alert">
          {faults.others.length > 0 && faults.others.map((fault) => <p key={fault}>{fault}</p>)}
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" look="primary" size="lg" icon={Signature} busy={busy}>
          {text.submit}
        </Button>
        <p className="min-w-0 flex-1 basis-64 text-sm text-ink-2">{text.signs}</p>
      </div>
    </form>
  );
}
