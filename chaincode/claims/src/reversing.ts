import type { Context } from 'fabric-contract-api';
import { parseReason } from '../../ledger/arguments.ts';
import { policyYear } from '../../model/claim.ts';
import { LedgerError } from '../../model/errors.ts';
import { countedInstead, decisionInForce } from '../../model/usage.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { isDevice } from '../../people/devices.ts';
import { getClaim, getPolicy, getUsage, putClaim, putUsage } from './storage.ts';
import * as transitions from './transitions.ts';

/** Provider or insurer takes a claim back, with a reason; what it used of the policy's year is free again, its service is not. */
export async function reverse(ctx: Context, at: Date, id: string, text: string): Promise<void> {
  if (isDevice(ctx)) throw new LedgerError('NOT_AUTHORISED', 'only a person may do this');
  const { practitioner } = await requirePractitioner(ctx, ['doctor', 'pharmacist', 'insurer'], at);
  const claim = await getClaim(ctx, id);
  if (practitioner.institutionId !== claim.provider && practitioner.institutionId !== claim.insurer) {
    throw new LedgerError('NOT_AUTHORISED', `${claim.id} is not of ${practitioner.institutionId}`);
  }
  const reversed = transitions.reverse(claim, parseReason(text), { by: practitioner.id, at });
  const counted = claim.use === 'claim' ? decisionInForce(claim) : undefined;
  if (counted) {
    const { from } = await getPolicy(ctx, claim.policy);
    if (from === undefined) throw new Error(`a claim on ${claim.policy}, which never began`);
    const usage = await getUsage(ctx, claim.policy, policyYear(from, new Date(claim.servedAt)));
    const freed = countedInstead(usage, claim.category, counted, undefined);
    if (freed !== usage) await putUsage(ctx, freed);
  }
  await putClaim(ctx, reversed, ['claims:reverse', at]);
}
