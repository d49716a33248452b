import type { Context } from 'fabric-contract-api';
import type { Reader } from '../model/consent.ts';
import type { Practitioner } from '../model/registry.ts';
import { requirePractitioner } from '../people/callers.ts';
import { isPatientMember, type Owner, requireOwner } from './owner.ts';

/** Roles whose members see and treat patients. */
export const clinicians = ['doctor', 'pharmacist'] as const;

/** Who acts on a record: its owner, or a clinician in standing. */
export type Actor = { id: string; owner: Owner } | { id: string; practitioner: Practitioner };

/** The caller as an actor on a patient's record, at the instant `at`. Whether a clinician may read it, consents say. */
export async function requireActor(ctx: Context, pseudonym: string, at: Date): Promise<Actor> {
  if (isPatientMember(ctx)) {
    const owner = await requireOwner(ctx, pseudonym, at);
    return { id: owner.person.pseudonym, owner };
  }
  const { practitioner } = await requirePractitioner(ctx, clinicians, at);
  return { id: practitioner.id, practitioner };
}

/** How consents know a practitioner. */
export function readerOf({ id, institutionId, role }: Practitioner): Reader {
  return { practitionerId: id, institutionId, role };
}
