import type { Context } from 'fabric-contract-api';
import { callerKeyHash, isRegistrarOf } from '../../ledger/certificate.ts';
import { LedgerError } from '../../model/errors.ts';
import { type Institution, regulatorMsp } from '../../model/registry.ts';
import { requireStanding } from '../../model/standing.ts';
import { getStandingByKey } from './storage.ts';

/** The authority: the registrar of the regulator's organisation, or a registered regulator in good standing. */
export async function requireAuthority(ctx: Context, at: Date): Promise<void> {
  if (isRegistrarOf(ctx, regulatorMsp)) return;
  const { practitioner, institution } = await getStandingByKey(ctx, callerKeyHash(ctx));
  if (practitioner.role !== 'regulator' || ctx.clientIdentity.getMSPID() !== practitioner.mspId) {
    throw new LedgerError('NOT_AUTHORISED', 'only the authority may do this');
  }
  requireStanding(practitioner, institution, at);
}

/** The registrar of the organisation of an active institution: NOT_AUTHORISED, SUSPENDED. */
export function requireRegistrarFor(ctx: Context, institution: Institution): void {
  if (!isRegistrarOf(ctx, institution.mspId)) {
    throw new LedgerError('NOT_AUTHORISED', `only the registrar of ${institution.mspId} may do this`);
  }
  if (institution.status !== 'active') {
    throw new LedgerError('SUSPENDED', `${institution.id} is ${institution.status}`);
  }
}
