import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { policyYear } from '#chaincode/model/claim.ts';
import { policyRecord } from '#chaincode/model/policy.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { policies } from '../gateways/db/schema/claims.ts';
import type { Actor } from '../people/schema.ts';
import { readPlan, readUsage } from './ledger.ts';
import { allowInsurer } from './policy.ts';
import type { ClaimCase, someClaim } from './schema.ts';
import { openClaim } from './service.ts';

/**
 * What an insurer's staff decide a claim by: the claim, its policy, the version of the plan that counts, and what the policy has used
 * in its year, as the ledger has it now. Throws FORBIDDEN, NOT_FOUND, LEDGER_UNAVAILABLE.
 */
export async function claimCase(
  actor: Actor,
  { id }: z.output<typeof someClaim>,
  portal: Portal = thePortal(),
): Promise<ClaimCase> {
  allowInsurer(actor);
  const claim = await openClaim(actor, { id }, portal);
  const [row] = await portal.db
    .select({ state: policies.ledgerState })
    .from(policies)
    .where(eq(policies.id, claim.policy));
  if (row === undefined) throw new AppError('NOT_FOUND', `the policy of ${id} is not here yet`);
  const policy = policyRecord.parse(row.state);
  if (policy.from === undefined) throw new AppError('NOT_FOUND', `${policy.id} never began`);
  const { plan, servedAt } = claim;
  const [version, usage] = await Promise.all([
    readPlan(portal.ledger, plan.id, plan.version),
    readUsage(portal.ledger, policy.id, policyYear(policy.from, new Date(servedAt))),
  ]);
  return { claim, policy, plan: version, usage };
}
