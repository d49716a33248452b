import { isDelegatingRole } from '#chaincode/model/delegation.ts';
import { asAppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';
import type { Delegations, StaffDelegation } from './schema.ts';
import { listDelegations, listStaffDelegations } from './service.ts';

/** What the actor has delegated to software; null for roles that delegate nothing. The page is of use without the ledger too. */
export async function readDelegations(actor: Actor): Promise<Delegations | 'unavailable' | null> {
  return isDelegatingRole(actor.role) ? unlessUnavailable(listDelegations(actor)) : null;
}

/** What an admin's people have delegated. */
export const readStaffDelegations = (actor: Actor): Promise<StaffDelegation[] | 'unavailable'> =>
  unlessUnavailable(listStaffDelegations(actor));

async function unlessUnavailable<T>(work: Promise<T>): Promise<T | 'unavailable'> {
  try {
    return await work;
  } catch (error) {
    if (asAppError(error).code === 'LEDGER_UNAVAILABLE') return 'unavailable';
    throw error;
  }
}
