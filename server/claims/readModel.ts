import { sql } from 'drizzle-orm';
import { type Claim, type ClaimsChanged, claimsChanged, claimsEvent } from '#chaincode/model/claim.ts';
import type { Plan, PlanHead } from '#chaincode/model/plan.ts';
import type { Policy, StoredAuthorisation } from '#chaincode/model/policy.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { authorisations, claims, insurancePlans, planVersions, policies } from '../gateways/db/schema/claims.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { tellBiller, tellMember } from '../notices/ofClaims.ts';
import { storableJson } from '../supplyIndexer/json.ts';
import { readAuthorisation, readClaim, readPlan, readPlanHead, readPolicy } from './ledger.ts';

/** What changed on `claims`, as the ledger has it now. */
export interface ClaimsEntries {
  plans: { head: PlanHead; version: Plan }[];
  policies: Policy[];
  authorisations: StoredAuthorisation[];
  claims: Claim[];
}

type Changed = ClaimsChanged['changed'][number] & Pick<ClaimsChanged, 'kind'>;

/** Each id once, with its newest version of the block. */
export function claimChangesIn({ transactions }: Block): Changed[] {
  const changes = transactions.flatMap(({ valid, contract, event }) => {
    if (!valid || contract !== 'claims' || event?.name !== claimsEvent) return [];
    const said = claimsChanged.safeParse(storableJson(event.payload)).data;
    return said?.changed.map((one) => ({ ...one, kind: said.kind })) ?? [];
  });
  return [...new Map(changes.map((change) => [`${change.id}`, change])).values()];
}

/** Throws LEDGER_UNAVAILABLE where the peer that is asked is behind the one whose block is read. */
export async function readClaimEntries({ ledger }: Portal, changes: readonly Changed[]): Promise<ClaimsEntries> {
  const of = (kind: Changed['kind']) => changes.filter((change) => change.kind === kind);
  const read = <Entry extends { version: number }>(kind: Changed['kind'], entry: (id: string) => Promise<Entry>) =>
    Promise.all(of(kind).map(({ id, version }) => atLeast(version, entry(id))));
  const [plans, held, authorised, claimed] = await Promise.all([
    Promise.all(
      of('plan').map(async ({ id, version }) => ({
        head: await atLeast(version, readPlanHead(ledger, id)),
        version: await readPlan(ledger, id, version),
      })),
    ),
    read('policy', (id) => readPolicy(ledger, id)),
    read('authorisation', (id) => readAuthorisation(ledger, id)),
    read('claim', (id) => readClaim(ledger, id)),
  ]);
  return { plans, policies: held, authorisations: authorised, claims: claimed };
}

async function atLeast<Entry extends { version: number }>(version: number, reading: Promise<Entry>): Promise<Entry> {
  const entry = await reading.catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error;
    throw new AppError('LEDGER_UNAVAILABLE', 'the peer has not got an entry yet', { cause: error });
  });
  if (entry.version >= version) return entry;
  throw new AppError('LEDGER_UNAVAILABLE', `the peer has not got version ${version} of an entry yet`);
}

/** Brings the read models to entries of the ledger, and tells members and billers of their claims; an older version never replaces a newer one. */
export async function projectClaims(db: Database, entries: Partial<ClaimsEntries>): Promise<void> {
  for (const { head, version } of entries.plans ?? []) await projectPlan(db, head, version);
  for (const policy of entries.policies ?? []) await projectPolicy(db, policy);
  for (const authorised of entries.authorisations ?? []) await projectAuthorisation(db, authorised);
  for (const claim of entries.claims ?? []) {
    await projectClaim(db, claim);
    await tellMember(db, claim);
    await tellBiller(db, claim);
  }
}

async function projectPlan(db: Database, { id, insurer, state, version }: PlanHead, plan: Plan): Promise<void> {
  await db
    .insert(insurancePlans)
    .values({ id, insurer, state, version })
    .onConflictDoUpdate({
      target: insurancePlans.id,
      set: { state, version },
      // A plan closes for good, and its last version stays.
      setWhere: sql`${insurancePlans.version} < ${version} or ${insurancePlans.state} = 'open'`,
    });
  // A published version never changes.
  await db
    .insert(planVersions)
    .values({ plan: id, version: plan.version, validFrom: new Date(plan.validFrom), ledgerState: plan })
    .onConflictDoNothing();
}

async function projectPolicy(db: Database, policy: Policy): Promise<void> {
  const { id, insurer, state, version, at } = policy;
  const changing = { state, version, ledgerState: policy };
  await db
    .insert(policies)
    .values({ id, insurer, at: new Date(at), ...changing })
    .onConflictDoUpdate({ target: policies.id, set: changing, setWhere: sql`${policies.version} < ${version}` });
}

async function projectAuthorisation(db: Database, authorised: StoredAuthorisation): Promise<void> {
  const { id, policy, institution, state, until, version } = authorised;
  const changing = { state, version, ledgerState: authorised };
  await db
    .insert(authorisations)
    .values({ id, policy, institution, until: new Date(until), ...changing })
    .onConflictDoUpdate({
      target: authorisations.id,
      set: changing,
      setWhere: sql`${authorisations.version} < ${version}`,
    });
}

async function projectClaim(db: Database, claim: Claim): Promise<void> {
  const { id, use, category, policy, insurer, provider, reference, billed, servedAt, at, version, state } = claim;
  const decision = claim.decisions.at(-1);
  const changing = {
    ...{ state, version, ledgerState: claim },
    ...{ insurerShare: decision?.insurer ?? null, patientShare: decision?.patient ?? null },
    decidedAt: decision === undefined ? null : new Date(decision.at),
  };
  const fixed = { id, use, category, policy, insurer, provider, reference, billed };
  await db
    .insert(claims)
    .values({ ...fixed, servedAt: new Date(servedAt), at: new Date(at), ...changing })
    .onConflictDoUpdate({ target: claims.id, set: changing, setWhere: sql`${claims.version} < ${version}` });
}
