import type { Context } from 'fabric-contract-api';
import { callerKeyHash, isRegistrarOf } from '../../ledger/certificate.ts';
import type { FormularyScope } from '../../model/formulary.ts';
import { regulatorMsp } from '../../model/registry.ts';
import { requireAdmin, requireAuthority } from '../../registry/src/authority.ts';
import { getInstitution, getStandingByKey } from '../../registry/src/storage.ts';

/**
 * Who may speak of medicines: the authority for all, an institution's admin for that institution and for nobody else. Answers
 * who it is. Throws NOT_FOUND (the institution), NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED, LICENCE_INVALID.
 */
export async function requireSpeaker(ctx: Context, at: Date, scope: FormularyScope): Promise<string> {
  if (scope !== 'national') return (await requireAdmin(ctx, at, await getInstitution(ctx, scope))).id;
  await requireAuthority(ctx, at);
  if (isRegistrarOf(ctx, regulatorMsp)) return `registrar:${regulatorMsp}`;
  return (await getStandingByKey(ctx, callerKeyHash(ctx))).practitioner.id;
}
