import { readActor as readSessionActor } from '../session/readActor.ts';
import { readKeys as readOwnKeys } from './keys.ts';
import { readPatient } from './patients.ts';
import type { Actor, KeysView, PatientSummary, VaultState } from './schema.ts';
import { readVault as read } from './vaults.ts';
import { listLinkedWallets as listLinked } from './wallets.ts';

/** The signed-in person, or null. */
export function readActor(): Promise<Actor | null> {
  return readSessionActor();
}

/** The actor's own encrypted keys. */
export function readVault(actor: Actor): Promise<VaultState> {
  return read(actor);
}

/** Certificate, fingerprints and wallets of the actor. */
export function readKeys(actor: Actor): Promise<KeysView> {
  return readOwnKeys(actor);
}

/** Addresses that the actor linked besides the built-in wallet. */
export function listLinkedWallets(actor: Actor): Promise<string[]> {
  return listLinked(actor);
}

/** A patient for whom the actor may prescribe; undefined where there is none in reach. */
export function findPatient(actor: Actor, personId: string): Promise<PatientSummary | undefined> {
  return readPatient(actor, personId);
}
