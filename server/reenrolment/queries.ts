import type { Actor } from '../people/schema.ts';
import { listNewKeys as list, ownNewKeys as own } from './list.ts';
import type { NewKeysView, OwnNewKeys } from './schema.ts';

/** How far the new keys are of people for whom the admin answers. */
export function listNewKeys(actor: Actor): Promise<NewKeysView[]> {
  return list(actor, undefined);
}

/** New keys in the actor's own name that are proposed or approved. */
export function ownNewKeys(actor: Actor): Promise<OwnNewKeys | undefined> {
  return own(actor);
}
