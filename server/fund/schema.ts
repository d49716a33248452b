import { z } from 'zod';
import { claimId } from '#chaincode/model/claim.ts';
import type { BenefitCategory } from '#chaincode/model/plan.ts';

/** Why a patient asks for help: what the authority weighs, without a word that names anybody. */
export const grounds = ['income', 'illness', 'family', 'other'] as const;
export type Ground = (typeof grounds)[number];

export const assistanceAsked = z.object({
  claim: claimId,
  /** Blinded number of the person, as the vault derives it. */
  beneficiary: z.string().regex(/^[0-9a-f]{64}$/),
  ground: z.enum(grounds),
});

const requestId = z.uuid();
export const someRequest = z.object({ id: requestId });
export const assistanceRefused = z.object({ id: requestId, reason: z.string().trim().min(3).max(300) });

/** `granted`: and not paid yet, which is done again where it failed. */
export const assistanceStates = ['asked', 'granted', 'paid', 'refused'] as const;
export type AssistanceState = (typeof assistanceStates)[number];

/** A request as its patient sees it; amounts are minor units. */
export interface OwnAssistance {
  claim: string;
  state: AssistanceState;
  askedAt: string;
  amount: number | null;
  reason: string | null;
}

/** A request as the authority sees it: nothing in it says whose it is. Amounts are minor units. */
export interface AssistanceRequest extends Omit<OwnAssistance, 'claim'> {
  id: string;
  ground: Ground;
  category: BenefitCategory;
  /** Name of who is to be paid. */
  provider: string;
  currency: string;
  /** What is open of the patient's share. */
  left: number;
  /** What the person was granted in this period; null where the chain does not answer. */
  own: number | null;
  decidedAt: string | null;
  transactionHash: string | null;
}

/** What officers are held to, in minor units, and what the fund has. */
export interface FundState {
  /** Symbol of the coin that it holds. */
  coin: string;
  perGrant: number;
  perBeneficiary: number;
  perPeriod: number;
  periodDays: number;
  /** How long a grant stands at most. */
  grantLifeDays: number;
  /** Of all that may be granted in this period. */
  budgetLeft: number;
  given: number;
  granted: number;
  paid: number;
  left: number;
}

/** The rules as the contract has them: amounts in the coin's smallest unit, decimal; times in seconds. */
export interface HeldRules {
  perGrant: string;
  perBeneficiary: string;
  perPeriod: string;
  period: number;
  grantLife: number;
}

/** Who sets the rules, and where. */
export interface RuleSetting {
  /** The contract. */
  fund: `0x${string}`;
  /** The coin's smallest units in a minor unit, decimal. */
  unit: string;
  rules: HeldRules;
  /** Wallets that the contract lets set them; a name where it is somebody's of the authority. The actor's own come first. */
  setters: { address: `0x${string}`; name: string | null; isOwn: boolean }[];
}

export interface FundDesk {
  /** Null where the chain does not answer. */
  fund: FundState | null;
  setting: RuleSetting | null;
  requests: AssistanceRequest[];
}

/** What donors see: sums and addresses as on the chain; amounts in the coin's hundredths. */
export interface FundReport {
  /** EIP-155 id of the chain that both contracts are on. */
  chainId: number;
  address: `0x${string}`;
  /** Contract of the coin that it holds. */
  coinAddress: `0x${string}`;
  /** The coin's smallest units in a hundredth, decimal. */
  unit: string;
  fund: FundState;
  /** Newest first. Each as long as the rules of its time say, and cut where they came to say otherwise. */
  periods: { from: string; until: string; given: number; granted: number; paid: number }[];
  /** The most generous first. */
  donors: { address: string; gifts: number; amount: number; last: string }[];
}
