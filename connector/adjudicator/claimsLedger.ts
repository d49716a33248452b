import { z } from 'zod';
import {
  type Claim,
  type ClaimDecision,
  claimRecord,
  type claimReviews,
  type claimSettlement,
  type PaymentReceipt,
  type Usage,
  usageRecord,
} from '#chaincode/model/claim.ts';
import { type FormularyEntry, formularyEntry } from '#chaincode/model/formulary.ts';
import { type Plan, type PlanHead, planHead, planRecord } from '#chaincode/model/plan.ts';
import {
  authorisationRecord,
  type ContentWrap,
  contentWrap,
  type Policy,
  policyRecord,
  type StoredAuthorisation,
} from '#chaincode/model/policy.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import { retryLedger } from '../ledger/retry.ts';

/** What an adjudicator asks of the ledgers and writes to `claims`, in its device's name. Failures are `ConnectorError`s. */

export type ClaimReviews = z.infer<typeof claimReviews>['claims'];

export interface ClaimsLedger {
  claim(id: string): Promise<Claim>;
  policy(id: string): Promise<Policy>;
  authorisation(id: string): Promise<StoredAuthorisation>;
  planHead(id: string): Promise<PlanHead>;
  plan(id: string, version: number): Promise<Plan>;
  usage(policy: string, year: number): Promise<Usage>;
  /** The data key of a claim, or of a policy's details, wrapped for the device. NOT_AUTHORISED where there is none. */
  wrap(id: string): Promise<ContentWrap>;
  policies(): AsyncGenerator<Policy>;
  claimsOf(policy: string): AsyncGenerator<Claim>;
  /** The authority's list for all, on `registry`. */
  formulary(): Promise<FormularyEntry[]>;
  decide(decisions: readonly ClaimDecision[]): Promise<void>;
  review(claims: ClaimReviews): Promise<void>;
  settle(settlement: z.infer<typeof claimSettlement>): Promise<void>;
  anchor(receipt: PaymentReceipt): Promise<void>;
}

const pageSize = '100';
const claims = { channel: 'claims', contract: 'claims' };
const pageOf = <Shape extends z.ZodType>(item: Shape) => z.object({ items: z.array(item), bookmark: z.string() });

export function openClaimsLedger(ledger: Pick<LedgerConnection, 'evaluate' | 'submit'>): ClaimsLedger {
  const ask = async <Shape extends z.ZodType>(shape: Shape, name: string, ...args: string[]) => {
    const call = { ...claims, function: `claims:${name}`, args };
    return shape.parse(JSON.parse(await retryLedger(() => ledger.evaluate(call)))) as z.output<Shape>;
  };
  const tell = (name: string, argument: object) =>
    ledger.submit({ ...claims, function: `claims:${name}`, args: [JSON.stringify(argument)] });
  async function* pages<Shape extends z.ZodType>(item: Shape, name: string, ...args: string[]) {
    for (let bookmark = '', isFirst = true; isFirst || bookmark !== ''; isFirst = false) {
      const page = await ask(pageOf(item), name, ...args, pageSize, bookmark);
      yield* page.items;
      bookmark = page.bookmark;
    }
  }
  return {
    claim: (id) => ask(claimRecord, 'readClaim', id),
    policy: (id) => ask(policyRecord, 'readPolicy', id),
    authorisation: (id) => ask(authorisationRecord, 'readAuthorisation', id),
    planHead: (id) => ask(planHead, 'readPlanHead', id),
    plan: (id, version) => ask(planRecord, 'readPlan', id, String(version)),
    usage: (policy, year) => ask(usageRecord, 'readUsage', policy, String(year)),
    wrap: (id) => ask(contentWrap, 'readWrap', id),
    policies: () => pages(policyRecord, 'readPolicies'),
    claimsOf: (policy) => pages(claimRecord, 'readClaimsOfPolicy', policy),
    formulary: async () => {
      const found: FormularyEntry[] = [];
      for (let bookmark = '', isFirst = true; isFirst || bookmark !== ''; isFirst = false) {
        const args = ['national', pageSize, bookmark];
        const call = { channel: 'registry', contract: 'registry', function: 'formulary:list', args };
        const page = pageOf(formularyEntry).parse(JSON.parse(await retryLedger(() => ledger.evaluate(call))));
        found.push(...page.items);
        bookmark = page.bookmark;
      }
      return found;
    },
    decide: (decisions) => tell('decide', { decisions }),
    review: (reviewed) => tell('review', { claims: reviewed }),
    settle: (settlement) => tell('settle', settlement),
    anchor: (receipt) => tell('anchor', receipt),
  };
}
