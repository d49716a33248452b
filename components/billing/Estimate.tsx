'use client';

import { CircleCheck, CircleX, LoaderCircle, type LucideIcon, UserRoundSearch } from 'lucide-react';
import { StepList } from '#components/claims/StepList.tsx';
import { SharesBar } from '#components/insurance/SharesBar.tsx';
import type { Problem } from '#components/ui/errors.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { inkTone, type Tone } from '#components/ui/tone.ts';
import type { EligibilityAnswer } from '#fhir/eligibility.ts';
import { t } from '#messages/en.ts';

const text = t.billing.estimate;
const looks: Record<EligibilityAnswer['verdict'], { tone: Tone; icon: LucideIcon }> = {
  covered: { tone: 'ok', icon: CircleCheck },
  notCovered: { tone: 'danger', icon: CircleX },
  person: { tone: 'warn', icon: UserRoundSearch },
};

export type EstimateState =
  | { state: 'asking' }
  | { state: 'failed'; problem: Problem }
  | { state: 'answered'; answer: EligibilityAnswer };

/** What the insurer says it would pay, and why. `agreed`: whether it has agreed before, which it is not told when it is asked. */
export function Estimate({
  estimate,
  currency,
  agreed = false,
}: {
  estimate: EstimateState;
  currency: string;
  agreed?: boolean;
}) {
  if (estimate.state === 'asking') {
    return (
      <p role="status" className="flex items-center gap-2 text-sm text-ink-2">
        <LoaderCircle size={17} aria-hidden className="animate-spin" />
        {text.asking}
      </p>
    );
  }
  if (estimate.state === 'failed') return <ProblemNotice problem={estimate.problem} />;
  const { verdict, items, inForce, trace } = estimate.answer;
  const needsAuthorisation = items.some((item) => item.needsAuthorisation);
  // What it has agreed to leaves nothing to a person, unless something else does.
  const isMet = agreed && needsAuthorisation && !trace.some((step) => step.verdict === 'review');
  const shown = verdict === 'person' && isMet ? 'covered' : verdict;
  const { icon: Icon, tone } = looks[shown];
  const sum = (name: 'insurer' | 'patient') => items.reduce((total, { shares }) => total + shares[name], 0);
  return (
    <div className="space-y-3" aria-live="polite">
      <p className={`flex items-center gap-2 font-bold ${inkTone[tone]}`}>
        <Icon size={19} aria-hidden />
        {text[shown]}
      </p>
      {!inForce && <p className="text-sm">{text.notInForce}</p>}
      {needsAuthorisation && <p className="text-sm">{agreed ? text.authorised : text.authorise}</p>}
      <SharesBar insurer={sum('insurer')} patient={sum('patient')} currency={currency} />
      <details>
        <summary className="cursor-pointer text-sm font-semibold">{text.why}</summary>
        <div className="mt-2">
          <StepList steps={trace} currency={currency} />
        </div>
      </details>
    </div>
  );
}
