import { isDelegatingRole } from '#chaincode/model/delegation.ts';
import { asAppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';
import type { Delegations } from './schema.ts';
import { listDelegations } from './service.ts';

/** What the actor has delegated to software; null for roles that delegate nothing. The page is of use without the ledger too. */
export async function readDelegations(actor: Actor): Promise<Delegations | 'unavailable' | null> {
  if (!isDelegatingRole(actor.role)) return null;
  try {
    return await listDelegations(actor);
  } catch (error) {
    if (asAppError(error).code === 'LEDGER_UNAVAILABLE') return 'unavailable';
    throw error;
  }
}
