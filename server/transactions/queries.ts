import type { Actor } from '../people/schema.ts';
import { listWaiting } from './resuming.ts';
import type { WaitingSaga } from './schema.ts';

/** The actor's own flows over the ledgers that wait for the actor, newest first. */
export function listWaitingSagas(actor: Actor): Promise<WaitingSaga[]> {
  return listWaiting(actor);
}
