import type { Problem } from '#components/ui/errors.ts';
import type { StepState } from '#components/ui/Steps.tsx';
import type { SagaView } from '#server/transactions/schema.ts';

/** Where signing a prescription stands, in the person's steps. */
export interface IssueProgress {
  stage: 'idle' | 'running' | 'signed' | 'done' | 'stopped';
  steps: Record<'encrypt' | 'sign' | 'mint', StepState>;
  sagaId?: string;
  prescriptionId?: string;
  channel?: string;
  blockNumber?: string;
  transactionId?: string;
  cid?: string;
  contentHash?: string;
  commitment?: string;
  mintHash?: string;
  problem?: Problem;
}

export const notBegun: IssueProgress = {
  stage: 'idle',
  steps: { encrypt: 'pending', sign: 'pending', mint: 'pending' },
};

/** The person's three steps out of a flow's five: what is stored was encrypted; marking and listing are not the person's. */
export function stepsOf(saga: Pick<SagaView, 'steps'>): IssueProgress['steps'] {
  const state = (name: SagaView['steps'][number]['name']): StepState =>
    saga.steps.find((step) => step.name === name)?.state ?? 'pending';
  return { encrypt: state('store'), sign: state('sign'), mint: state('mint') };
}

/** The step at which a flow waits or stopped, for one line of a list. */
export function standingOf(saga: Pick<SagaView, 'steps'>): SagaView['steps'][number] | undefined {
  return saga.steps.find(({ state }) => state !== 'done') ?? saga.steps.at(-1);
}
