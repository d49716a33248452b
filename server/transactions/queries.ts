import type { Actor } from '../people/schema.ts';
import { listSagas as list } from './resuming.ts';
import type { SagaView } from './schema.ts';

/** The actor's own flows over several ledgers, newest first. */
export function listSagas(actor: Actor, options: { open: boolean } = { open: true }): Promise<SagaView[]> {
  return list(actor, options);
}
