import { CircleCheck, CircleDashed, CirclePause, CircleX, LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';

export type StepState = 'pending' | 'running' | 'waiting' | 'done' | 'failed';

export interface Step {
  name: string;
  title: string;
  detail: ReactNode;
  state: StepState;
  /** The icon while it has not begun; afterwards the state's own. */
  icon?: LucideIcon;
}

const icons: Record<StepState, LucideIcon> = {
  pending: CircleDashed,
  running: LoaderCircle,
  waiting: CirclePause,
  done: CircleCheck,
  failed: CircleX,
};
const inks: Record<StepState, string> = {
  pending: 'text-ink-2',
  running: 'text-brand animate-spin',
  waiting: 'text-warn',
  done: 'text-ok',
  failed: 'text-danger',
};

/** The person's steps of something that touches several ledgers, with the state of each in words. */
export function Steps({ steps, stateLabels }: { steps: Step[]; stateLabels: Record<StepState, string> }) {
  return (
    <ol className="space-y-3.5">
      {steps.map((step) => {
        const Icon = step.state === 'pending' ? (step.icon ?? icons.pending) : icons[step.state];
        return (
          <li key={step.name} className="flex gap-3" aria-current={step.state === 'running' ? 'step' : undefined}>
            <Icon size={19} aria-hidden className={classes('mt-0.5 shrink-0', inks[step.state])} />
            <div className="min-w-0">
              <p className="font-bold">
                {step.title}
                <span className="sr-only"> ({stateLabels[step.state]})</span>
              </p>
              <p className={classes('text-sm', step.state === 'failed' ? 'text-danger' : 'text-ink-2')}>
                {step.detail}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
