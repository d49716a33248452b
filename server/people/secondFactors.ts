import type { Credential } from '#chaincode/model/secondFactor.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { readEntry } from './ledgerEntry.ts';
import { allowPeople } from './policy.ts';
import type { Actor } from './schema.ts';

/** The actor's second factors as the ledger has them now, oldest first. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
export async function listSecondFactors(
  actor: Actor,
  _: undefined,
  portal: Portal = thePortal(),
): Promise<Credential[]> {
  allowPeople(actor, 'listSecondFactors');
  return (await readEntry(portal, actor.subjectId)).credentials ?? [];
}
