import { z } from 'zod';
import { sagaSteps } from '../transactions/kind.ts';
import { type FlowAbout, kinds, type SagaView, type TransactionKind } from '../transactions/schema.ts';
import type { Saga } from './store.ts';

const isKind = (kind: string): kind is TransactionKind => Object.hasOwn(kinds, kind);
const stepStates = ['pending', 'running', 'waiting', 'done', 'failed'] as const;
const sagaStates = ['running', 'waiting', 'done', 'failed', 'expired'] as const;

function known<T extends string>(values: readonly T[], text: string): T {
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw new Error(`the database holds an unknown value ${text}`);
  return value;
}

const shownPart = z.object({
  dispense: z.object({ quantity: z.number() }).optional(),
  reason: z.string().optional(),
  address: z.string().optional(),
});

function aboutOf(intent: unknown): FlowAbout {
  const { dispense, ...about } = shownPart.parse(intent);
  return { ...about, ...(dispense && { quantity: dispense.quantity }) };
}

/** What a person sees of a flow. */
export function viewOf({ row, steps }: Saga): SagaView {
  if (!isKind(row.kind)) throw new Error(`the database holds an unknown kind ${row.kind}`);
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    about: aboutOf(row.intent),
    state: known(sagaStates, row.state),
    steps: steps.map((step) => ({
      name: known(sagaSteps, step.name),
      state: known(stepStates, step.state),
      ...(step.at === null ? {} : { at: step.at.toISOString() }),
      ...(step.proof === null ? {} : { proof: step.proof }),
      ...(step.error === null ? {} : { error: step.error }),
    })),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
