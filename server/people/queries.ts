import { readActor as readSessionActor } from '../session/readActor.ts';
import type { Actor, VaultState } from './schema.ts';
import { readVault as read } from './vaults.ts';

/** The signed-in person, or null. */
export function readActor(): Promise<Actor | null> {
  return readSessionActor();
}

/** The actor's own encrypted keys. */
export function readVault(actor: Actor): Promise<VaultState> {
  return read(actor);
}
