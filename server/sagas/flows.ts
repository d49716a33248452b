import type { SagaStepName } from '../transactions/kind.ts';

/** Steps that only the person can take. The others are the server's, which finishes them after a restart. */
export const personSteps: ReadonlySet<string> = new Set<SagaStepName>(['sign', 'mint']);

/** How long a flow waits for its person before it expires; then nothing has happened on any ledger. */
export const unsignedLifetimeMs = 24 * 3600_000;
/** The same for one that is not shown as waiting: its person asks for it anew. */
export const forgottenLifetimeMs = 3600_000;

/** How long the server keeps trying to finish its own steps after the ledger has the transaction. */
export const finishingLifetimeMs = 14 * 24 * 3600_000;
