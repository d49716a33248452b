import type { Context } from 'fabric-contract-api';
import { isRegistrarOf } from '../ledger/certificate.ts';
import { LedgerError } from '../model/errors.ts';
import { regulatorMsp, type Standing } from '../model/registry.ts';
import { requirePractitioner } from '../people/callers.ts';

/** Who acts on a care channel for an organisation and not for patients. */

/** Whether the caller is a registrar of one of the organisations. */
export function isRegistrar(ctx: Context, mspIds: readonly string[]): boolean {
  return mspIds.some((mspId) => isRegistrarOf(ctx, mspId));
}

/** The registrar of the regulator's organisation, or a registered regulator in good standing: NOT_AUTHORISED, SUSPENDED. */
export async function requireAuthority(ctx: Context, at: Date): Promise<void> {
  if (!isRegistrarOf(ctx, regulatorMsp)) await requirePractitioner(ctx, 'regulator', at);
}

/** An admin of a hospital in good standing: NOT_AUTHORISED, SUSPENDED. */
export async function requireHospitalAdmin(ctx: Context, at: Date): Promise<Standing> {
  const standing = await requirePractitioner(ctx, 'admin', at);
  if (standing.institution.kind !== 'hospital') {
    throw new LedgerError('NOT_AUTHORISED', `an admin of a ${standing.institution.kind} may not do this`);
  }
  return standing;
}
