import { type Claim, serviceDayOf } from '#chaincode/model/claim.ts';
import type { ClaimReason } from '#chaincode/model/plan.ts';
import { requiredEvidence } from '#chaincode/model/policy.ts';
import type { Json } from '../canonicalJson.ts';
import type { SaltedField } from '../commitment/commitment.ts';
import { openSalted } from '../commitment/disclosure.ts';
import type { CommitmentField } from '../commitment/fields.ts';
import { type DispenseRecord, verifyDispenseReceipt } from '../dispenseReceipt.ts';
import { CryptoError } from '../errors.ts';
import type { NotaryTrust } from '../notarised.ts';
import { tokenIdOf } from '../token.ts';
import { type ClaimContent, disclosureIn } from './content.ts';
import type { Insured } from './details.ts';
import { serviceOfDispense } from './service.ts';

/**
 * What an insurer finds out by itself about a claim for a medicine: that it was prescribed, for its member, and dispensed by who bills it,
 * that very dispense and no more than it. Nothing is believed but the token on Ethereum and the notaries' signatures.
 */

/** What is wrong, and where it was found. */
export interface EvidenceFault {
  reason: ClaimReason;
  at:
    | 'disclosure'
    | 'fields'
    | 'token'
    | 'notaries'
    | 'prescription'
    | 'provider'
    | 'service'
    | 'servedAt'
    | 'dispensed'
    | 'billed'
    | 'patient';
}

export interface CheckedEvidence {
  /** Fields of the prescription that the evidence opens; only those of a token that is not at fault are proven. */
  shown: Partial<Record<CommitmentField, Json>>;
  /** As the notaries signed it; undefined where they did not. */
  dispense: DispenseRecord | undefined;
  /** Empty where everything is proven. */
  faults: EvidenceFault[];
}

export interface EvidenceContext {
  claim: Pick<Claim, 'category' | 'use' | 'service' | 'servedAt' | 'provider'>;
  /** Units that are billed. */
  quantity: number;
  /** What Ethereum has of the token with this id; undefined where it has none. */
  tokenOf: (tokenId: bigint) => Promise<{ commitment: string } | undefined>;
  /** Of the care channels' notaries. */
  trust: NotaryTrust;
  /** Whom the policy insures. */
  insured: Pick<Insured, 'identifier'>;
}

/**
 * Checks what a claim shows. Never throws for what a claim says: each fault is named, and the claim's decision follows from it. What
 * `tokenOf` throws goes through. A claim for no medicine has no evidence, and no faults.
 */
export async function checkEvidence(
  { evidence }: Pick<ClaimContent, 'evidence'>,
  { claim, quantity, tokenOf, trust, insured }: EvidenceContext,
): Promise<CheckedEvidence> {
  if (claim.category !== 'medicine') return { shown: {}, dispense: undefined, faults: [] };
  const faults: EvidenceFault[] = [];
  const fault = (isWrong: boolean, reason: ClaimReason, at: EvidenceFault['at']) => {
    if (isWrong) faults.push({ reason, at });
  };
  const opened = evidence && unlessRefused(() => openSalted(disclosureIn(evidence)));
  fault(opened === undefined, evidence === undefined ? 'EVIDENCE_MISSING' : 'EVIDENCE_INVALID', 'disclosure');
  const shown = Object.fromEntries((opened?.shown ?? []).map(({ field, value }) => [field, value]));
  if (opened !== undefined) {
    fault(
      requiredEvidence.some((field) => (shown[field] ?? null) === null),
      'EVIDENCE_MISSING',
      'fields',
    );
    const token = await tokenOf(opened.tokenId);
    const isCommitted = token?.commitment.toLowerCase() === opened.commitment;
    fault(!isCommitted, token === undefined ? 'EVIDENCE_MISSING' : 'TOKEN_INVALID', 'token');
    const known = shown.patientIdentifier ?? null;
    fault(known !== null && !namesInsured(known, insured), 'NOT_THE_MEMBER', 'patient');
  }
  if (claim.use === 'preauthorisation') return { shown, dispense: undefined, faults };

  const receipt = evidence?.dispense;
  const isSigned = receipt !== undefined && unlessRefused(() => verifyDispenseReceipt(receipt, trust)) !== undefined;
  fault(!isSigned, receipt === undefined ? 'EVIDENCE_MISSING' : 'EVIDENCE_INVALID', 'notaries');
  if (!isSigned) return { shown, dispense: undefined, faults };
  const { record } = receipt;
  const { dispense } = record;
  fault(dispense.institutionId !== claim.provider, 'EVIDENCE_INVALID', 'provider');
  fault(serviceDayOf(dispense.at) !== claim.servedAt, 'EVIDENCE_INVALID', 'servedAt');
  fault(quantity > dispense.quantity, 'QUANTITY_ABOVE_DISPENSED', 'billed');
  if (opened !== undefined) {
    fault(opened.tokenId !== tokenIdOf(record.id), 'EVIDENCE_INVALID', 'prescription');
    fault(serviceIn(opened.shown, dispense.id) !== claim.service, 'EVIDENCE_INVALID', 'service');
    fault(quantityOf(shown.quantity) !== record.quantity, 'EVIDENCE_INVALID', 'dispensed');
  }
  return { shown, dispense: record, faults };
}

function serviceIn(shown: readonly SaltedField[], dispenseId: string): string | undefined {
  const quantity = shown.find(({ field }) => field === 'quantity');
  return quantity && serviceOfDispense(quantity.salt, dispenseId);
}

const memberOf = (value: Json | undefined, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
const quantityOf = (value: Json | undefined): unknown => memberOf(value, 'value');

/** `value`: FHIR Identifiers of the prescription's patient. */
const namesInsured = (value: Json, { identifier }: Pick<Insured, 'identifier'>): boolean =>
  Array.isArray(value) &&
  value.some((each) => memberOf(each, 'system') === identifier.system && memberOf(each, 'value') === identifier.value);

/** Undefined for what protocol code refuses. */
function unlessRefused<T>(check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}
