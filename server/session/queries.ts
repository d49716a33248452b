import type { Actor } from '../people/schema.ts';
import { listSessions as list } from './list.ts';
import type { SessionView } from './schema.ts';

/** The actor's browsers that are signed in. */
export function listSessions(actor: Actor): Promise<SessionView[]> {
  return list(actor);
}
