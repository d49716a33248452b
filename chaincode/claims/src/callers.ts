import type { Context } from 'fabric-contract-api';
import type { Claim } from '../../model/claim.ts';
import { LedgerError } from '../../model/errors.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { callingDevice, isDevice } from '../../people/devices.ts';

/** Who acts on `claims`: somebody, or an adjudicator, for an institution. */
export interface Caller {
  /** `prac-…`, or `dev-…` of an adjudicator. */
  id: string;
  institution: string;
  isPerson: boolean;
}

/** Somebody who decides for an insurer. Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED, LICENCE_INVALID. */
export async function requireInsurerStaff(ctx: Context, at: Date): Promise<Caller> {
  // A delegation covers nothing of an insurer's.
  if (isDevice(ctx)) throw new LedgerError('NOT_AUTHORISED', 'only a person may do this');
  const { practitioner } = await requirePractitioner(ctx, 'insurer', at);
  return { id: practitioner.id, institution: practitioner.institutionId, isPerson: true };
}

/** An insurer's adjudicator, by its exact key. Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED. */
export async function requireAdjudicator(ctx: Context): Promise<Caller> {
  const { device, institution } = await callingDevice(ctx);
  if (device.purpose !== 'adjudicator' || institution.kind !== 'insurer') {
    throw new LedgerError('NOT_AUTHORISED', `${device.id} is no adjudicator of an insurer`);
  }
  return { id: device.id, institution: institution.id, isPerson: false };
}

/** Either of them. Throws as they do. */
export function requireJudge(ctx: Context, at: Date): Promise<Caller> {
  return isDevice(ctx) ? requireAdjudicator(ctx) : requireInsurerStaff(ctx, at);
}

/** A doctor or pharmacist, of the institution that bills. Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED, LICENCE_INVALID. */
export async function requireProviderStaff(ctx: Context, at: Date): Promise<Caller> {
  if (isDevice(ctx)) throw new LedgerError('NOT_AUTHORISED', 'only a person may do this');
  const { practitioner } = await requirePractitioner(ctx, ['doctor', 'pharmacist'], at);
  return { id: practitioner.id, institution: practitioner.institutionId, isPerson: true };
}

/** Refuses a claim, policy or plan of another insurer: NOT_AUTHORISED. */
export function requireOwnInsurer({ institution }: Caller, { id, insurer }: { id: string; insurer: string }): void {
  if (insurer !== institution) throw new LedgerError('NOT_AUTHORISED', `${id} is not of ${institution}`);
}

/** Refuses a claim of another provider: NOT_AUTHORISED. */
export function requireOwnProvider({ institution }: Caller, { id, provider }: Claim): void {
  if (provider !== institution) throw new LedgerError('NOT_AUTHORISED', `${id} is not of ${institution}`);
}
