import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { writeStates } from '../../ledger/batches.ts';
import { Table } from '../../ledger/table.ts';
import {
  type Claim,
  type ClaimDecision,
  claimDecisions,
  claimRecord,
  claimReviews,
  policyYear,
  usageRecord,
} from '../../model/claim.ts';
import { LedgerError } from '../../model/errors.ts';
import { policyRecord } from '../../model/policy.ts';
import { countedInstead, decisionInForce, noUsage } from '../../model/usage.ts';
import { type Caller, requireAdjudicator, requireJudge, requireOwnInsurer } from './callers.ts';
import { announceChanges, type Change, objectTypes } from './storage.ts';
import * as transitions from './transitions.ts';

const mostDecideBytes = 64 * 1024;

/** Claims with their policies and accounts, as the transaction leaves them. */
class Docket {
  readonly claims;
  readonly policies;
  readonly usages;
  private readonly ctx: Context;

  constructor(ctx: Context) {
    this.ctx = ctx;
    this.claims = new Table(ctx, objectTypes.claim, claimRecord);
    this.policies = new Table(ctx, objectTypes.policy, policyRecord);
    this.usages = new Table(ctx, objectTypes.usage, usageRecord);
  }

  /** Reads all that is decided by, in as few messages as the peer allows. */
  async load(ids: readonly string[]): Promise<void> {
    await this.claims.load(ids.map((id) => [id]));
    const claims = await Promise.all(ids.map((id) => this.claims.get(id)));
    await this.policies.load(claims.flatMap((claim) => (claim ? [[claim.policy]] : [])));
    const accounts = await Promise.all(claims.flatMap((claim) => (claim ? [this.accountOf(claim)] : [])));
    await this.usages.load(accounts);
  }

  /** Throws NOT_FOUND, NOT_AUTHORISED (of another insurer), STALE. */
  async open(id: string, version: number, caller: Caller): Promise<Claim> {
    const claim = await this.claims.get(id);
    if (!claim) throw new LedgerError('NOT_FOUND', `there is no claim ${id}`);
    requireOwnInsurer(caller, claim);
    transitions.requireVersion(claim, version);
    return claim;
  }

  /** The policy, and its year in which the service was. */
  async accountOf({ policy, servedAt }: Claim): Promise<[policy: string, year: string]> {
    const from = (await this.policies.get(policy))?.from;
    if (from === undefined) throw new Error(`a claim on ${policy}, which never began`);
    return [policy, String(policyYear(from, new Date(servedAt)))];
  }

  async write(claims: readonly Claim[], change: Change): Promise<void> {
    await writeStates(this.ctx, [...this.claims.states(), ...this.usages.states()]);
    announceChanges(this.ctx, 'claim', claims, change);
  }
}

/**
 * Decides claims of one insurer, all or none. Each is judged on what those before it leave, so that the second of a policy names the
 * account's next version. What is with a person, the adjudicator does not decide.
 */
export async function decide(ctx: Context, at: Date, json: string): Promise<void> {
  const { decisions } = parseJson(claimDecisions, json, 'decide', mostDecideBytes);
  const judge = await requireJudge(ctx, at);
  const docket = new Docket(ctx);
  await docket.load(decisions.map(({ claim }) => claim));
  const decided: Claim[] = [];
  for (const decision of decisions) decided.push(await decideOne(docket, decision, { judge, at }));
  await docket.write(decided, ['claims:decide', at]);
}

async function decideOne(
  docket: Docket,
  decision: ClaimDecision,
  { judge, at }: { judge: Caller; at: Date },
): Promise<Claim> {
  const claim = await docket.open(decision.claim, decision.version, judge);
  if (!judge.isPerson && (claim.state === 'inReview' || claim.state === 'appealed')) {
    throw new LedgerError('NOT_AUTHORISED', `a person decides ${claim.id}`);
  }
  const [policy, year] = await docket.accountOf(claim);
  const usage = (await docket.usages.get(policy, year)) ?? noUsage(policy, Number(year));
  if (decision.usage !== usage.version) {
    throw new LedgerError('STALE', `the account of ${policy} is at version ${usage.version}`);
  }
  const decided = transitions.decide(claim, decision, { by: judge.id, at });
  docket.claims.put([claim.id], decided);
  // Nothing is paid on a preauthorisation, so that it uses nothing.
  const counted =
    claim.use === 'claim' ? countedInstead(usage, claim.category, decisionInForce(claim), decision) : usage;
  if (counted !== usage) docket.usages.put([policy, year], parseValue(usageRecord, counted, 'account'));
  for (const table of [docket.claims, docket.usages]) table.keep();
  return decided;
}

/** The adjudicator leaves claims to a person, all or none. */
export async function review(ctx: Context, at: Date, json: string): Promise<void> {
  const { claims } = parseJson(claimReviews, json, 'review');
  const adjudicator = await requireAdjudicator(ctx);
  const docket = new Docket(ctx);
  await docket.claims.load(claims.map(({ claim }) => [claim]));
  const left: Claim[] = [];
  for (const { claim: id, version, reasons } of claims) {
    const claim = await docket.open(id, version, adjudicator);
    const reviewed = transitions.review(claim, reasons, { by: adjudicator.id, at });
    docket.claims.put([id], reviewed);
    docket.claims.keep();
    left.push(reviewed);
  }
  await docket.write(left, ['claims:review', at]);
}
