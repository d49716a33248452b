import type { Claim } from '#chaincode/model/claim.ts';
import { decisionInForce } from '#chaincode/model/usage.ts';
import { openClaims, openPolicyDetails } from '#components/vault/claimCases.ts';
import type { VerifyChain } from '#components/verify/verifyDisclosure.ts';
import type { DecidedClaim } from '#coverage/dryRun.ts';
import type { Insured } from '#crypto/claim/details.ts';
import type { CheckedEvidence } from '#crypto/claim/evidence.ts';
import type { FormularyList } from '#formulary/coverage.ts';
import type { PastClaims } from '#server/claims/schema.ts';
import { checkCase, groundsOf, historyOf, nationalList, type ReadClaim, readOther } from './judgeCase.ts';

/** A decided claim that was opened, with whom it insures and what its evidence was worth. */
export interface PastCase {
  read: ReadClaim;
  insured: Insured;
  checked: CheckedEvidence | undefined;
}

export interface OpenedPast {
  cases: PastCase[];
  agreed: ReadClaim[];
  /** How many could not be opened. */
  closed: number;
}

/** Opens decided claims one after the other. Throws where keys are locked, or portal or chain do not answer. */
export async function openPast(
  { claims, policies, agreed }: PastClaims,
  institution: string,
  chain: VerifyChain,
  onProgress: (done: number) => void,
): Promise<OpenedPast> {
  const insured = new Map<string, Insured>();
  for (const policy of policies) insured.set(policy.id, (await openPolicyDetails(policy, institution)).insured);
  const past: OpenedPast = { cases: [], agreed: [], closed: 0 };
  await openClaims(agreed, institution, (claim, said) => {
    const read = readOther(claim, said);
    if (read !== undefined) past.agreed.push(read);
  });
  for (const [place, claim] of claims.entries()) {
    onProgress(place);
    let read: ReadClaim | undefined;
    await openClaims([claim], institution, (each, said) => {
      read = readOther(each, said);
    });
    const member = insured.get(claim.policy);
    if (read === undefined || member === undefined) past.closed += 1;
    else past.cases.push({ read, insured: member, checked: await checkCase(read, member, chain) });
  }
  return past;
}

/** The same as a version of the plan is tried on, each beside those that were claimed before it. */
export function decidedOf({ cases, agreed }: OpenedPast, { policies, formulary }: PastClaims): DecidedClaim[] {
  const list = nationalList(formulary);
  return cases.flatMap(({ read, insured, checked }): DecidedClaim[] => {
    const decision = decisionInForce(read.claim);
    const policy = policies.find(({ id }) => id === read.claim.policy);
    if (decision === undefined || policy === undefined) return [];
    const named = agreed.find(({ claim }) => claim.id === read.claim.preauthorisation);
    const { outcome, insurer, patient, deductible, by } = decision;
    return [
      {
        ...groundsOf(read, { policy, insured, checked, agreed: named, list }),
        ...{ outcome, insurer, patient, deductible, byPerson: !by.startsWith('dev-') },
        history: before(read.claim, cases, list),
      },
    ];
  });
}

const before = ({ id, at }: Claim, cases: readonly PastCase[], list: FormularyList) =>
  historyOf(
    cases.flatMap(({ read }) => (read.claim.id !== id && read.claim.at <= at ? [read] : [])),
    list,
  );
