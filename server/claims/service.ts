import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { claimRecord } from '#chaincode/model/claim.ts';
import { planHead, planRecord, versionInForce } from '#chaincode/model/plan.ts';
import { authorisationRecord, policyRecord } from '#chaincode/model/policy.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { authorisations, claims, insurancePlans, planVersions, policies } from '../gateways/db/schema/claims.ts';
import { institutionNames } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import { policiesOf } from './owners.ts';
import { allowInsurer, allowMember, allowProvider, isParty } from './policy.ts';
import {
  type AuthorisationView,
  type CardView,
  type ClaimView,
  type claimFilter,
  type InsuranceView,
  type Listed,
  listedAtATime,
  type listPage,
  type PlanView,
  type PolicyView,
  type someClaim,
} from './schema.ts';

/** Of a patient's own policies and cards, each of which a person has made. */
const mostOwn = 500;

/** Plans of all insurers, with their versions: public. Throws nothing but for the database. */
export async function listPlans(_actor: Actor, portal: Portal = thePortal()): Promise<PlanView[]> {
  const [heads, versions] = await Promise.all([
    portal.db.select().from(insurancePlans).orderBy(insurancePlans.id),
    portal.db.select().from(planVersions).orderBy(desc(planVersions.version)),
  ]);
  const names = await institutionNames(
    portal,
    heads.map(({ insurer }) => insurer),
  );
  const published = versions.map(({ ledgerState }) => planRecord.parse(ledgerState));
  return heads.map((row) => {
    const head = planHead.parse(row);
    const insurerName = names.get(head.insurer) ?? head.insurer;
    return { ...head, insurerName, versions: published.filter(({ id }) => id === head.id) };
  });
}

/** A page of the claims that the actor's institution was sent or has sent, newest first. Throws FORBIDDEN. */
export async function listClaims(
  actor: Actor,
  filter: z.output<typeof claimFilter>,
  portal: Portal = thePortal(),
): Promise<Listed<ClaimView>> {
  const own =
    actor.role === 'insurer' ? eq(claims.insurer, allowInsurer(actor)) : eq(claims.provider, allowProvider(actor));
  const { states, use, page } = filter;
  const which = and(
    own,
    states === undefined ? undefined : inArray(claims.state, states),
    use === undefined ? undefined : eq(claims.use, use),
  );
  return pageOfClaims(portal, which, page);
}

/** One claim, for insurer, provider and member. Throws NOT_FOUND. */
export async function openClaim(
  actor: Actor,
  { id }: z.output<typeof someClaim>,
  portal: Portal = thePortal(),
): Promise<ClaimView> {
  const [claim] = await claimsWhere(portal, eq(claims.id, id));
  const may =
    claim !== undefined &&
    (actor.role === 'patient' ? (await policiesOf(portal, actor)).includes(claim.policy) : isParty(actor, claim));
  if (!may) throw new AppError('NOT_FOUND', `${id} is not ${actor.subjectId}'s`);
  return claim;
}

async function pageOfClaims(portal: Portal, which: SQL | undefined, page: number): Promise<Listed<ClaimView>> {
  const [entries, total] = await Promise.all([claimsWhere(portal, which, page), portal.db.$count(claims, which)]);
  return { entries, total };
}

async function claimsWhere(portal: Portal, which: SQL | undefined, page = 1): Promise<ClaimView[]> {
  const rows = await portal.db
    .select({ state: claims.ledgerState })
    .from(claims)
    .where(which)
    .orderBy(desc(claims.at), claims.id)
    .limit(listedAtATime)
    .offset((page - 1) * listedAtATime);
  return named(
    portal,
    rows.map(({ state }) => claimRecord.parse(state)),
    ({ insurer, provider }) => [insurer, provider],
  );
}

/** Each entry with the public names of the institutions in it. */
async function named<T>(portal: Portal, entries: T[], institutionsOf: (entry: T) => string[]) {
  const names = await institutionNames(portal, entries.flatMap(institutionsOf));
  return entries.map((entry) => ({
    ...entry,
    names: Object.fromEntries(institutionsOf(entry).map((id) => [id, names.get(id) ?? id])),
  }));
}

/** A page of the insurer's policies, applications first. Throws FORBIDDEN. */
export async function listPolicies(
  actor: Actor,
  { page }: z.output<typeof listPage>,
  portal: Portal = thePortal(),
): Promise<Listed<PolicyView>> {
  const own = eq(policies.insurer, allowInsurer(actor));
  const [entries, total] = await Promise.all([
    policiesWhere(portal, own, { limit: listedAtATime, offset: (page - 1) * listedAtATime }),
    portal.db.$count(policies, own),
  ]);
  return { entries, total };
}

async function policiesWhere(
  portal: Portal,
  which: SQL | undefined,
  { limit, offset } = { limit: mostOwn, offset: 0 },
): Promise<PolicyView[]> {
  const rows = await portal.db
    .select({ state: policies.ledgerState })
    .from(policies)
    .where(which)
    .orderBy(sql`${policies.state} <> 'applied'`, desc(policies.at), policies.id)
    .limit(limit)
    .offset(offset);
  return named(
    portal,
    rows.map(({ state }) => policyRecord.parse(state)),
    ({ insurer }) => [insurer],
  );
}

/** A page of what members let the actor's institution bill, in force now, newest first. Throws FORBIDDEN. */
export async function listCards(
  actor: Actor,
  { page }: z.output<typeof listPage>,
  portal: Portal = thePortal(),
): Promise<Listed<CardView>> {
  const institution = eq(authorisations.institution, allowProvider(actor));
  const inForce = and(eq(authorisations.state, 'active'), sql`${authorisations.until} > now()`);
  const which = and(institution, inForce);
  const [found, total] = await Promise.all([
    authorisationsWhere(portal, which, { limit: listedAtATime, offset: (page - 1) * listedAtATime }),
    portal.db.$count(authorisations, which),
  ]);
  const insurances = await policiesWhere(
    portal,
    inArray(
      policies.id,
      found.map(({ policy }) => policy),
    ),
  );
  const plans = await listPlans(actor, portal);
  const now = new Date();
  const entries = found.flatMap((authorisation) => {
    const insurance = insurances.find(({ id }) => id === authorisation.policy);
    const plan = versionInForce(plans.find(({ id }) => id === insurance?.plan)?.versions ?? [], now);
    // The channel's events may be on their way.
    return insurance === undefined || plan === undefined ? [] : [{ ...authorisation, insurance, plan }];
  });
  return { entries, total };
}

async function authorisationsWhere(
  portal: Portal,
  which: SQL | undefined,
  { limit, offset } = { limit: mostOwn, offset: 0 },
): Promise<AuthorisationView[]> {
  const rows = await portal.db
    .select({ state: authorisations.ledgerState })
    .from(authorisations)
    .where(which)
    .orderBy(sql`${authorisations.ledgerState}->>'at' desc`, authorisations.id)
    .limit(limit)
    .offset(offset);
  return named(
    portal,
    rows.map(({ state }) => authorisationRecord.parse(state)),
    ({ insurer, institution }) => [insurer, institution],
  );
}

/** The actor's own policies, who may bill, and what was billed last. Throws FORBIDDEN. */
export async function ownInsurance(actor: Actor, portal: Portal = thePortal()): Promise<InsuranceView> {
  allowMember(actor);
  const own = await policiesOf(portal, actor);
  const [held, authorised, claimed] = await Promise.all([
    policiesWhere(portal, inArray(policies.id, own)),
    authorisationsWhere(portal, inArray(authorisations.policy, own)),
    pageOfClaims(portal, inArray(claims.policy, own), 1),
  ]);
  return { policies: held, authorisations: authorised, claims: claimed };
}

/** A page of what was billed for the actor, newest first. Throws FORBIDDEN. */
export async function ownClaims(
  actor: Actor,
  { page }: z.output<typeof listPage>,
  portal: Portal = thePortal(),
): Promise<Listed<ClaimView>> {
  allowMember(actor);
  return pageOfClaims(portal, inArray(claims.policy, await policiesOf(portal, actor)), page);
}

/** Ciphertext that an entry names, for those who have to do with the entry. Throws NOT_FOUND, IPFS_UNAVAILABLE. */
export async function readContent(
  actor: Actor,
  { id, cid }: { id: string; cid: string },
  portal: Portal = thePortal(),
): Promise<Uint8Array> {
  if (!(await contentsOf(actor, id, portal)).includes(cid)) {
    throw new AppError('NOT_FOUND', `${id} has no content that the actor may see`);
  }
  return portal.ipfs.read(cid);
}

/** Addresses of what an entry's readers may fetch; none for everybody else. */
async function contentsOf(actor: Actor, id: string, portal: Portal): Promise<string[]> {
  if (id.startsWith('clm-')) {
    const { content, decisions, messages } = await openClaim(actor, { id }, portal);
    return [content.cid, ...decisions.map(({ explanation }) => explanation.cid), ...messages.map(({ cid }) => cid)];
  }
  const own = actor.role === 'patient' ? await policiesOf(portal, actor) : [];
  if (id.startsWith('pol-')) {
    const found = await policiesWhere(portal, eq(policies.id, id));
    return found
      .filter(({ insurer }) => own.includes(id) || (actor.role === 'insurer' && actor.institutionId === insurer))
      .map(({ details }) => details.cid);
  }
  const found = await authorisationsWhere(portal, eq(authorisations.id, id));
  return found
    .filter(({ policy, institution }) => own.includes(policy) || isParty(actor, { insurer: '', provider: institution }))
    .map(({ card }) => card.cid);
}
