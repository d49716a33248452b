import { and, desc, eq, inArray, ne, or, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Claim, claimRecord, policyYear } from '#chaincode/model/claim.ts';
import { type Policy, policyRecord } from '#chaincode/model/policy.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { nationalFormulary } from '../formulary/service.ts';
import { claims, policies } from '../gateways/db/schema/claims.ts';
import type { Actor } from '../people/schema.ts';
import { readPlan, readUsage } from './ledger.ts';
import { allowInsurer } from './policy.ts';
import type { ClaimCase, PastClaims, pastAsked, someClaim } from './schema.ts';
import { openClaim } from './service.ts';

/** So many claims are held beside one, and so many a plan is tried on: each is opened in the browser. */
const mostBeside = 30;
const mostTried = 120;

/**
 * What an insurer's staff decide a claim by: the claim, its policy, the version of the plan that counts, what the policy has used
 * in its year as the ledger has it now, and past claims of member, provider and service to hold it beside. Throws FORBIDDEN,
 * NOT_FOUND, LEDGER_UNAVAILABLE.
 */
export async function claimCase(
  actor: Actor,
  { id }: z.output<typeof someClaim>,
  portal: Portal = thePortal(),
): Promise<ClaimCase> {
  const insurer = allowInsurer(actor);
  const claim = await openClaim(actor, { id }, portal);
  const [policy] = await policiesOf(portal, [claim.policy]);
  if (policy?.from === undefined) throw new AppError('NOT_FOUND', `the policy of ${id} is not here yet`);
  const { plan, servedAt, preauthorisation, service, provider } = claim;
  const related = or(
    eq(claims.policy, policy.id),
    eq(claims.provider, provider),
    sql`${claims.ledgerState}->>'service' = ${service}`,
  );
  const others = and(eq(claims.insurer, insurer), ne(claims.id, id), related);
  const closest = sql`${claims.policy} <> ${policy.id}`;
  const [version, usage, beside, agreed, formulary] = await Promise.all([
    readPlan(portal.ledger, plan.id, plan.version),
    readUsage(portal.ledger, policy.id, policyYear(policy.from, new Date(servedAt))),
    claimsWhere(portal, others, [closest, desc(claims.at)], mostBeside),
    preauthorisationsOf(portal, insurer, preauthorisation === undefined ? [] : [preauthorisation]),
    nationalFormulary(actor, portal),
  ]);
  return { claim, policy, plan: version, usage, beside, agreed, formulary };
}

/**
 * The newest decided claims of a plan of the insurer, in the order of their decisions, with all that they are judged by again. Throws
 * FORBIDDEN; there are none of another insurer's plan.
 */
export async function pastClaims(
  actor: Actor,
  { plan }: z.output<typeof pastAsked>,
  portal: Portal = thePortal(),
): Promise<PastClaims> {
  const insurer = allowInsurer(actor);
  const decided = and(
    eq(claims.insurer, insurer),
    ne(claims.state, 'reversed'),
    sql`${claims.ledgerState}->'plan'->>'id' = ${plan}`,
    sql`${claims.decidedAt} is not null`,
  );
  const found = (await claimsWhere(portal, decided, [desc(claims.decidedAt)], mostTried)).reverse();
  const named = found.flatMap(({ preauthorisation }) => preauthorisation ?? []);
  const [held, agreed, formulary] = await Promise.all([
    policiesOf(portal, [...new Set(found.map(({ policy }) => policy))]),
    preauthorisationsOf(portal, insurer, named),
    nationalFormulary(actor, portal),
  ]);
  return { claims: found, policies: held, agreed, formulary };
}

async function policiesOf({ db }: Portal, ids: string[]): Promise<Policy[]> {
  const rows = await db.select({ state: policies.ledgerState }).from(policies).where(inArray(policies.id, ids));
  return rows.map(({ state }) => policyRecord.parse(state));
}

async function claimsWhere({ db }: Portal, which: SQL | undefined, order: SQL[], most: number): Promise<Claim[]> {
  const rows = await db
    .select({ state: claims.ledgerState })
    .from(claims)
    .where(which)
    .orderBy(...order, claims.id)
    .limit(most);
  return rows.map(({ state }) => claimRecord.parse(state));
}

const preauthorisationsOf = (portal: Portal, insurer: string, ids: string[]): Promise<Claim[]> =>
  claimsWhere(portal, and(eq(claims.insurer, insurer), inArray(claims.id, ids)), [], mostTried);
