import type { Claim } from '#chaincode/model/claim.ts';
import { claim as claimResource } from '#fhir/claim.ts';
import { explanation, readExplanation } from '#fhir/explanation.ts';
import type { OpenedClaim } from './claimParts.ts';
import { VaultError } from './errors.ts';

/** What a claim's parts say that is to be paid, and to whom. */
export interface DecidedBill {
  /** `inst-…` */
  provider: string;
  insurer: string;
  /** In minor units. */
  insurerShare: number;
  patientShare: number;
}

/**
 * Reads an own claim with its newest decision from what provider and insurer have sealed under the claim's key, which no server has. Throws
 * `UNREADABLE` where they do not say the same, or are of another claim or policy.
 */
export function decidedBillOf({ id, policy }: Pick<Claim, 'id' | 'policy'>, opened: OpenedClaim): DecidedBill {
  const last = opened.explanations.at(-1);
  const said = last && 'content' in last ? explanation.safeParse(last.content.explanation).data : undefined;
  const billed = claimResource.safeParse(opened.content.claim).data;
  if (said === undefined || billed === undefined) {
    throw new VaultError('UNREADABLE', 'What was decided on this bill cannot be read.');
  }
  const provider = billed.provider.identifier.value;
  const insurer = billed.insurer.identifier.value;
  const isOfClaim = billed.id === id && said.claim.identifier.value === id && said.use === 'claim';
  const isOfMember = billed.patient.identifier.value === policy && said.patient.identifier.value === policy;
  const isSame = said.provider.identifier.value === provider && said.insurer.identifier.value === insurer;
  if (!isOfClaim || !isOfMember || !isSame) {
    throw new VaultError('UNREADABLE', 'What was decided is of another bill.');
  }
  const { total } = readExplanation(said);
  return { provider, insurer, insurerShare: total.insurer, patientShare: total.patient };
}
