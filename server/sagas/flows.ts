import type { SagaStepName, TransactionKind } from '../transactions/schema.ts';

/** Steps of each flow, in the order in which a person sees them. */
export const flows: Record<TransactionKind, readonly SagaStepName[]> = {
  issue: ['store', 'sign', 'mint', 'publish'],
  accept: ['sign', 'publish'],
  return: ['sign', 'publish'],
  dispense: ['store', 'sign', 'attest', 'publish'],
  close: ['sign', 'attest', 'publish'],
  cancel: ['sign', 'attest', 'publish'],
  voidCode: ['sign', 'publish'],
  renewCode: ['sign', 'publish'],
  linkWallet: ['sign', 'grant'],
  unlinkWallet: ['sign', 'grant'],
};

/** Steps that only the person can take. The others are the server's, which finishes them after a restart. */
export const personSteps: ReadonlySet<string> = new Set<SagaStepName>(['sign', 'mint']);

/** How long a flow waits for its person before it expires; then nothing has happened on any ledger. */
export const unsignedLifetimeMs = 24 * 3600_000;

/** How long the server keeps trying to finish its own steps after the ledger has the transaction. */
export const finishingLifetimeMs = 14 * 24 * 3600_000;
