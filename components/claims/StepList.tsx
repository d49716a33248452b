import { CircleCheck, CircleMinus, CircleX, type LucideIcon, UserRoundSearch } from 'lucide-react';
import { inkTone, type Tone } from '#components/ui/tone.ts';
import type { ClaimStep } from '#fhir/claimStep.ts';
import { t } from '#messages/en.ts';
import { stepWords } from './stepWords.ts';

const looks: Record<ClaimStep['verdict'], { icon: LucideIcon; tone: Tone }> = {
  passed: { icon: CircleCheck, tone: 'ok' },
  reduced: { icon: CircleMinus, tone: 'warn' },
  denied: { icon: CircleX, tone: 'danger' },
  review: { icon: UserRoundSearch, tone: 'warn' },
};

/** The steps by which a claim was judged, in their order, each with its icon and word. */
export function StepList({ steps, currency }: { steps: readonly ClaimStep[]; currency: string }) {
  return (
    <ol className="space-y-1.5">
      {steps.map((step, index) => {
        const { icon: Icon, tone } = looks[step.verdict];
        return (
          // Steps have no name of their own, and never change
          <li key={index} className="flex items-start gap-2 text-sm">
            <Icon size={17} aria-hidden className={`mt-0.5 shrink-0 ${inkTone[tone]}`} />
            <span className="min-w-0 flex-1">
              <span className="sr-only">{t.claimSteps.verdicts[step.verdict]}: </span>
              {stepWords(step, currency)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
