import type { Claim } from '#chaincode/model/claim.ts';
import type { FormularyEntry } from '#chaincode/model/formulary.ts';
import { decisionInForce } from '#chaincode/model/usage.ts';
import type { OpenedClaim } from '#components/vault/claimParts.ts';
import type { VerifyChain } from '#components/verify/verifyDisclosure.ts';
import type { Adjudicated } from '#coverage/adjudicate.ts';
import { evidenceFound } from '#coverage/evidence.ts';
import { disagreements, factsOf } from '#coverage/facts.ts';
import { ClaimHistory, outcomeOf } from '#coverage/history.ts';
import type { Insured } from '#crypto/claim/details.ts';
import { type CheckedEvidence, checkEvidence } from '#crypto/claim/evidence.ts';
import { type Claim as Billed, parseClaim } from '#fhir/claim.ts';
import { encodeResource, FhirError } from '#fhir/parse.ts';
import { FormularyList } from '#formulary/coverage.ts';
import { tokenOf, trustOf } from './claimChain.ts';

/** What a claim is judged by in the insurer's own browser, as its adjudicator judges it. */

/** A claim of the ledger with what its ciphertext says. */
export interface ReadClaim {
  claim: Claim;
  opened: OpenedClaim;
  billed: Billed;
}

/** Throws `FhirError` for what is no bill. */
export const readBill = (claim: Claim, opened: OpenedClaim): ReadClaim => ({
  ...{ claim, opened, billed: parseClaim(encodeResource(opened.content.claim)) },
});

/** The same of one among many; undefined for what did not open, or is no bill. */
export function readOther(claim: Claim, said: OpenedClaim | { problem: unknown }): ReadClaim | undefined {
  if ('problem' in said) return undefined;
  try {
    return readBill(claim, said);
  } catch (error) {
    if (error instanceof FhirError) return undefined;
    throw error;
  }
}

export const nationalList = (entries: readonly FormularyEntry[]) => new FormularyList(entries, null);

/** Undefined for what carries none: a service that nobody signs for, a request without any. Throws where the chain does not answer. */
export async function checkCase(
  { claim, opened: { content }, billed }: ReadClaim,
  insured: Insured,
  chain: VerifyChain,
): Promise<CheckedEvidence | undefined> {
  const { evidence } = content;
  if (claim.category !== 'medicine' || (evidence === undefined && claim.use === 'preauthorisation')) return undefined;
  return checkEvidence(content, {
    ...{ claim, insured, tokenOf: (id) => tokenOf(id, chain), trust: await trustOf(evidence?.dispense, chain) },
    quantity: billed.item.reduce((sum, { quantity }) => sum + quantity.value, 0),
  });
}

/** The past claims, as signals and rules look them up. */
export function historyOf(claims: readonly ReadClaim[], list: FormularyList): ClaimHistory {
  const history = new ClaimHistory();
  for (const { claim, billed } of claims) history.add({ ...factsOf(claim, billed, list), ...outcomeOf(claim) });
  return history;
}

/** All of a judgement but terms, account and past. */
export function groundsOf(
  { claim, billed }: ReadClaim,
  {
    policy,
    insured,
    checked,
    agreed,
    list,
  }: {
    policy: Adjudicated['policy'];
    insured: Insured;
    checked: CheckedEvidence | undefined;
    /** What the claim names as agreed to before, opened. */
    agreed: ReadClaim | undefined;
    list: FormularyList;
  },
): Omit<Adjudicated, 'terms' | 'usage' | 'history'> {
  return {
    ...{ policy, birthDate: insured.birthDate, facts: factsOf(claim, billed, list) },
    disagreements: disagreements(claim, billed),
    evidence: checked && evidenceFound(checked),
    preauthorisation:
      claim.preauthorisation === undefined
        ? undefined
        : {
            allowed: (agreed && decisionInForce(agreed.claim)?.allowed) ?? 0,
            codes: agreed === undefined ? [] : factsOf(agreed.claim, agreed.billed, list).items.map(({ code }) => code),
          },
  };
}
