import { type ClaimDecision, type Claim as ClaimRecord, policyYear, type Usage } from '#chaincode/model/claim.ts';
import type { Policy } from '#chaincode/model/policy.ts';
import { decisionInForce } from '#chaincode/model/usage.ts';
import { type Adjudicated, type Adjudication, adjudicate, type CheckedEvidence } from '#coverage/adjudicate.ts';
import { evidenceFound } from '#coverage/evidence.ts';
import { disagreements, factsOf } from '#coverage/facts.ts';
import { sealExplanation } from '#crypto/claim/content.ts';
import type { Insured } from '#crypto/claim/details.ts';
import { checkEvidence } from '#crypto/claim/evidence.ts';
import { buildExplanation } from '#fhir/explanation.ts';
import type { FormularyList } from '#formulary/coverage.ts';
import type { Documents } from '../ipfs/documents.ts';
import type { ClaimsLedger } from './claimsLedger.ts';
import type { KnownClaims } from './known.ts';
import { type OpenedClaim, type Opening, readInsured, Unreadable } from './opening.ts';
import type { Tokens } from './tokens.ts';

/** What claims and questions are judged by, beside what they say. */
export interface Bench {
  /** `dev-…` of the adjudicator, and its institution. */
  device: string;
  insurer: string;
  ledger: ClaimsLedger;
  opening: Opening;
  documents: Documents;
  tokens: Tokens;
  known: KnownClaims;
  /** The national formulary. */
  list(): Promise<FormularyList>;
}

/** All of a judgement but the account, which the decisions before it change. */
export type Prepared = Omit<Adjudicated, 'usage'> & { record: ClaimRecord; opened: OpenedClaim; year: number };

/** Reads and checks what a claim is judged by. Throws what is away for now. */
export async function prepare(record: ClaimRecord, opened: OpenedClaim, bench: Bench): Promise<Prepared> {
  const { ledger, known } = bench;
  const [policy, plan, list] = await Promise.all([
    ledger.policy(record.policy),
    ledger.plan(record.plan.id, record.plan.version),
    bench.list(),
  ]);
  const insured = await insuredOf(policy, bench);
  const preauthorisation = await agreedBefore(record, bench);
  return {
    ...{ record, opened, policy, terms: plan.terms, birthDate: insured?.birthDate, history: known.history },
    ...{ facts: factsOf(record, opened.claim, list), disagreements: disagreements(record, opened.claim) },
    ...{ evidence: await evidenceOf(record, opened, insured, bench), preauthorisation },
    year: yearOf(policy, record.servedAt),
  };
}

/** Of a policy that never began the first: nothing of it is covered. */
export const yearOf = ({ from }: Pick<Policy, 'from'>, at: string): number =>
  from === undefined ? 1 : policyYear(from, new Date(at));

/** Undefined where the adjudicator cannot read it, which a claim's evidence then lacks. */
export async function insuredOf(policy: Policy, { opening }: Pick<Bench, 'opening'>): Promise<Insured | undefined> {
  try {
    return await readInsured(policy, opening);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

async function agreedBefore(
  { preauthorisation: id }: Pick<ClaimRecord, 'preauthorisation'>,
  { ledger, known }: Pick<Bench, 'ledger' | 'known'>,
): Promise<Adjudicated['preauthorisation']> {
  if (id === undefined) return undefined;
  const allowed = decisionInForce(await ledger.claim(id))?.allowed ?? 0;
  return { allowed, codes: known.history.find(id)?.items.map(({ code }) => code) ?? [] };
}

async function evidenceOf(
  record: ClaimRecord,
  { content, claim }: OpenedClaim,
  insured: Insured | undefined,
  { tokens }: Pick<Bench, 'tokens'>,
): Promise<CheckedEvidence | undefined> {
  const { evidence } = content;
  if (record.category !== 'medicine' || (evidence === undefined && record.use === 'preauthorisation')) return undefined;
  if (insured === undefined) return { faults: [{ reason: 'EVIDENCE_MISSING', at: 'insured' }] };
  const found = await checkEvidence(content, {
    ...{ claim: record, insured, tokenOf: tokens.tokenOf, trust: await tokens.trustFor(evidence?.dispense) },
    quantity: claim.item.reduce((sum, { quantity }) => sum + quantity.value, 0),
  });
  return evidenceFound(found);
}

export const judge = (prepared: Prepared, usage: Usage): Adjudication => adjudicate({ ...prepared, usage });

/** Seals the explanation of a decision, stores it, and answers what the ledger is told. */
export async function decisionOf(
  { record, opened }: Pick<Prepared, 'record' | 'opened'>,
  result: Extract<Adjudication, { review?: undefined }>,
  usage: Usage,
  { device, documents }: Pick<Bench, 'device' | 'documents'>,
): Promise<ClaimDecision> {
  const { outcome, allowed, insurer, patient, deductible, reasons } = result;
  const explanation = buildExplanation(opened.claim, result, new Date().toISOString());
  const decided = { claim: record.id, version: record.version };
  const { bytes, cid, contentHash } = await sealExplanation(
    opened.dataKey,
    { ...decided, by: device },
    { version: 1, explanation: JSON.parse(JSON.stringify(explanation)) },
  );
  await documents.add(bytes);
  return {
    ...{ ...decided, usage: usage.version, outcome, allowed, insurer, patient, deductible, reasons },
    explanation: { cid, contentHash },
  };
}
