import type { Context } from 'fabric-contract-api';
import { LedgerError } from '../../model/errors.ts';
import type { Institution, InstitutionKind } from '../../model/registry.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { activeInstitution, callingDevice, isDevice } from '../../people/devices.ts';

/** Who acts on a supply channel: an institution, by a person or by a device. */
export interface Actor {
  /** Practitioner or device. */
  id: string;
  institutionId: string;
  kind: InstitutionKind;
}

/** Kinds of institution that have medicines. */
const holders: readonly InstitutionKind[] = ['manufacturer', 'distributor', 'pharmacy'];

/**
 * Who captures: a supplier, pharmacist or regulator in standing, or an active device of an institution that has medicines (its
 * own software, a sensor). Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED, LICENCE_INVALID.
 */
export async function capturingActor(ctx: Context, at: Date): Promise<Actor> {
  if (!isDevice(ctx)) return decidingActor(ctx, ['supplier', 'pharmacist', 'regulator'], at);
  const { device, institution } = await callingDevice(ctx);
  requireHolding(institution);
  return { id: device.id, institutionId: institution.id, kind: institution.kind };
}

/** A practitioner in one of the roles, in standing. Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED, LICENCE_INVALID. */
export async function decidingActor(
  ctx: Context,
  roles: Parameters<typeof requirePractitioner>[1],
  at: Date,
): Promise<Actor> {
  const { practitioner, institution } = await requirePractitioner(ctx, roles, at);
  return { id: practitioner.id, institutionId: institution.id, kind: institution.kind };
}

/** An active institution that may have medicines. Throws NOT_FOUND, SUSPENDED, NOT_AUTHORISED. */
export async function requireHolder(ctx: Context, institutionId: string): Promise<Institution> {
  const institution = await activeInstitution(ctx, institutionId);
  requireHolding(institution);
  return institution;
}

function requireHolding({ kind }: Institution): void {
  if (!holders.includes(kind)) throw new LedgerError('NOT_AUTHORISED', `a ${kind} has no medicines here`);
}
