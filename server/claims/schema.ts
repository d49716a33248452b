import { z } from 'zod';
import {
  type Claim,
  type ClaimState,
  claimId,
  claimStates,
  outcomes,
  type Payer,
  type Usage,
} from '#chaincode/model/claim.ts';
import type { FormularyEntry } from '#chaincode/model/formulary.ts';
import { institutionId } from '#chaincode/model/identifiers.ts';
import { type BenefitCategory, type Plan, type PlanHead, planId } from '#chaincode/model/plan.ts';
import {
  type ContentWrap,
  contentWraps,
  type MemberAction,
  memberActions,
  type Policy,
  type StoredAuthorisation,
  signedStatement,
} from '#chaincode/model/policy.ts';
import { prescriptionId } from '#chaincode/model/records.ts';
import type { Quote } from '#contracts/typedData.ts';
import { type SealedNote, sealedNote } from '#crypto/claim/billingNote.ts';
import { sealedQuestion } from '#crypto/claim/question.ts';
import type { ClaimedReader } from '#crypto/reader.ts';
import type { HeldCoin } from '../gateways/ethereum/settlement.ts';
import { base64Url } from '../prescriptions/schema.ts';
import type { Mismatch } from '../settlement/reconcile.ts';

const submitted = memberActions.filter((action): action is Exclude<MemberAction, 'read'> => action !== 'read');

/** What a member says, as the browser has signed it. */
export const memberSaying = z.object({
  action: z.enum(submitted),
  statement: signedStatement,
  /** Of `apply` and `authorise`. */
  wraps: contentWraps.optional(),
  /** The ciphertext that the statement names, base64url. */
  envelope: base64Url(349_526).optional(),
});
export const memberRead = z.object({ statement: signedStatement });
export type MemberWrapView = ContentWrap;

export const someClaim = z.object({ id: claimId });
export const someInsurer = z.object({ insurer: institutionId });

/** A device as a reader, with its certificate. */
export type DeviceReader = Extract<ClaimedReader, { kind: 'person' }>;
/** To whom at an insurer something is sealed. */
export interface InsurerReaders {
  insurer: Extract<ClaimedReader, { kind: 'institution' }>;
  adjudicators: DeviceReader[];
}

/** Public names of the institutions that an entry names, by id. */
interface Named {
  names: Record<string, string>;
}

export type ClaimView = Claim & Named;
export type PolicyView = Policy & Named;
export type AuthorisationView = StoredAuthorisation & Named;
/** What an institution may bill by, with the policy as the ledger has it, and the plan's version that counts now. */
export type CardView = AuthorisationView & { insurance: Policy; plan: Plan };

/** A plan with its versions, newest first. */
export interface PlanView extends PlanHead {
  insurerName: string;
  versions: Plan[];
}

/** So many entries of a list come at a time. */
export const listedAtATime = 200;
/** A page of a list, and how many entries all of it has. */
export interface Listed<T> {
  entries: T[];
  total: number;
}
/** Which page of a list, from 1. */
export const listPage = z.object({ page: z.int().min(1).max(10_000).default(1) });

/** Which claims are listed. */
export const claimFilter = listPage.extend({
  states: z.array(z.enum(claimStates)).max(claimStates.length).optional(),
  use: z.enum(['claim', 'preauthorisation']).optional(),
});
export type ClaimFilter = z.input<typeof claimFilter>;

/** What a patient has with insurers. */
export interface InsuranceView {
  policies: PolicyView[];
  authorisations: AuthorisationView[];
  /** The newest; `ownClaims` has the others. */
  claims: Listed<ClaimView>;
}

/** An institution that may be let bill. */
export interface ProviderView {
  id: string;
  name: string;
  kind: 'hospital' | 'pharmacy';
  place: string;
}

/** What a pharmacy keeps of a hand-over; the prescription is one that it holds or has dispensed. */
export const keepNote = z.object({ prescription: prescriptionId, note: sealedNote });
export const someDispense = z.object({ dispense: sealedNote.shape.dispense });

/** A hand-over that is not billed yet. */
export interface BillingNoteView {
  note: SealedNote;
  prescription: string;
  /** ISO 8601, of the dispense. */
  servedAt: string;
  /** Units that the ledger says were handed out. */
  quantity: number;
}

const ethereumAddress = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{40}$/)]);
const word = z.string().regex(/^0x[0-9a-fA-F]{64}$/);
/** Whole, decimal, not negative: the coin's smallest units, or a nonce. */
const wholeNumber = z
  .string()
  .regex(/^[0-9]{1,30}$/)
  .transform(BigInt);

/** What a patient would have to pay for a bill, from which address. */
export const coPayAsked = z.object({ claim: claimId, payer: ethereumAddress });
/** A patient's signed permit for a bill. */
export const coPayPermit = z.object({
  claim: claimId,
  permit: z.object({
    ...{ payer: ethereumAddress, amount: wholeNumber, validUntil: z.int().positive(), nonce: wholeNumber },
    ...{ v: z.int().min(0).max(255), r: word, s: word },
  }),
});
/** A quote of the insurer with all that a permit for it is made of; amounts are decimal, in the coin's smallest unit. */
export interface CoPayTerms {
  quote: Omit<Quote, 'insurerAmount' | 'patientAmount'> & { insurerAmount: string; patientAmount: string };
  signature: string;
  /** Of the patient's share. */
  left: string;
  chainId: number;
  settlement: `0x${string}`;
  coin: HeldCoin;
}

/** A question whether something would be paid, which only the insurer's adjudicator can read. */
export const eligibilityQuestion = z.object({ question: sealedQuestion });

/** Days since a claim was sent, by which what is owed is grouped; older is the last group. */
export const receivableAges = [30, 60, 90] as const;
/** What is owed to a provider, in minor units, by how long ago it was claimed. */
export interface Receivables {
  ages: {
    currency: string;
    /** Up to so many days; null for older ones. */
    upTo: (typeof receivableAges)[number] | null;
    claims: number;
    /** Billed, and not decided yet. */
    undecided: number;
    insurer: number;
    patient: number;
  }[];
}

/** Claims that wait for a person. */
export const waitingStates = ['appealed', 'inReview'] as const satisfies readonly ClaimState[];
export const claimsAPage = 50;
/** Which page of an insurer's claims: those that wait for a person, those in one state, or all. */
export const queueAsked = z.object({
  show: z.enum(['waiting', 'all', ...claimStates]),
  page: z.int().min(1).max(1_000),
});
export type QueueAsked = z.output<typeof queueAsked>;
export interface ClaimQueue {
  counts: Record<ClaimState, number>;
  /** Of what is shown, over all pages. */
  total: number;
  claims: ClaimView[];
}

/** What a claim is decided by. */
export interface ClaimCase {
  claim: ClaimView;
  policy: Policy;
  /** The version that counts. */
  plan: Plan;
  /** Of the year of the policy in which the service was. */
  usage: Usage;
  /** Of the same member, provider or service: the member's first, then the newest. */
  beside: Claim[];
  /** What the insurer agreed to beforehand, where the claim names it. */
  agreed: Claim[];
  /** The authority's list for all. */
  formulary: FormularyEntry[];
}

export const pastAsked = z.object({ plan: planId });
/** Decided claims on which a version of a plan is tried. */
export interface PastClaims extends Pick<ClaimCase, 'agreed' | 'formulary'> {
  /** In the order of their decisions. */
  claims: Claim[];
  policies: Policy[];
}

export const claimOutcomes = [...outcomes, 'reversed'] as const;
export type ClaimOutcome = (typeof claimOutcomes)[number];
export const figureWeeks = [4, 12, 26] as const;
export const figuresAsked = z.object({ weeks: z.union(figureWeeks.map((weeks) => z.literal(weeks))) });
export type FiguresAsked = z.output<typeof figuresAsked>;
export interface ClaimFigures {
  /** Oldest first; those without a decision are there too. */
  weeks: {
    /** Its Monday, ISO 8601 date. */
    week: string;
    /** Of the claims that were first decided in it, as they stand now. */
    outcomes: Partial<Record<ClaimOutcome, number>>;
    /** Of these, how many the rules decided. */
    byRule: number;
    /** From submission to the first decision; null where none was decided. */
    p50Seconds: number | null;
    p95Seconds: number | null;
  }[];
  /** Of all the weeks. */
  p50Seconds: number | null;
  p95Seconds: number | null;
  /** Final on Ethereum, minor units, by the week of the receipt; refunds are taken off. */
  paid: { week: string; category: BenefitCategory; currency: string; amount: number }[];
  /** Approved, and not final yet: what is left of the insurer's share, minor units. */
  owed: { currency: string; claims: number; amount: number }[];
}

/** Where payments are made and in what, for a wallet of the browser. */
export interface PaidIn {
  settlement: `0x${string}`;
  coin: `0x${string}`;
  /** The coin's smallest units in one minor unit of the currency, decimal. */
  unit: string;
  /** What the coin stands for. */
  currency: string;
}

/** What wallets may do for an insurer on Ethereum. */
export interface WalletRights {
  /** Whose wallet runs the account, and may let others pay and release; null where nobody's does. */
  treasurer: string | null;
  /** Wallets of who asks, the built-in one first. */
  own: { address: string; spends: boolean; releases: boolean }[];
}

/** A wallet that may pay or release for an insurer. */
export interface AccountWallet {
  address: string;
  /** Whose of the insurer it is; null where nobody of it has linked it. */
  name: string | null;
  isOwn: boolean;
  /** Whether it is the adjudicator's, which signs quotes. */
  isAdjudicator: boolean;
  spends: boolean;
  releases: boolean;
}

/** An insurer's account on Ethereum, in minor units. */
export interface InsurerAccount extends WalletRights {
  /** Whose of the insurer the treasurer's wallet is; null where nobody of it has linked it. */
  treasurerName: string | null;
  /** Whose quotes are paid from it: the adjudicator's key, as the chain has it; null where nobody's are. */
  signer: string | null;
  /** Which wallets may pay and release. */
  wallets: AccountWallet[];
  /** False where the chain's node does not tell of all: then those that are known otherwise. */
  hasAllWallets: boolean;
  balance: number;
  /** The most that leaves it in a day of UTC, of which so much has left today. */
  perDay: number;
  spentToday: number;
  /** Above this, a second person releases a payment. */
  releaseAbove: number;
}

/** A share above the insurer's threshold, which one person or the adjudicator proposes and another releases. */
export interface Release {
  claim: string;
  /** On Ethereum: 64 hex digits. */
  reference: string;
  name: string;
  currency: string;
  /** What is left of it, in minor units. */
  amount: number;
  /** When the claim was decided. */
  since: string;
  /** Of the quote that was proposed, by which wallet; null where nothing is yet. */
  proposed: { version: number; spender: string } | null;
}

/** An insurer's share of a claim with the quote by which a wallet pays it; amounts are decimal, in the coin's smallest unit. */
export interface ShareTerms extends WalletRights {
  paidIn: PaidIn;
  quote: CoPayTerms['quote'];
  signature: `0x${string}`;
  left: string;
}

/** What a provider has on Ethereum. */
export interface Takings {
  paidIn: PaidIn;
  /** `institutionHash` of the provider. */
  payee: `0x${string}`;
  /** Whose wallet takes it out; null where the registrar has named nobody's. */
  payout: string | null;
  /** Who of the provider that is, as far as the portal knows. */
  holder: { name: string; isOwn: boolean } | null;
  /** In the coin's smallest unit, decimal: all of it is taken out, also what is less than a minor unit. */
  withdrawable: string;
  /** What was paid too much, before a reversal, or by another insurer's quote, the oldest first. */
  toGiveBack: GiveBack[];
}

/** A payer's money that a provider has to give back. */
export interface GiveBack {
  claim: string;
  reference: string;
  /** `institutionHash` of the insurer by whose quote it was paid, which need not be the claim's. */
  insurer: `0x${string}`;
  /** That insurer's; null of one that is not known here. */
  name: string | null;
  payer: Payer;
  /** Of the wallet that paid; of an insurer's account the contract's own. */
  from: string;
  /** Minor units. */
  amount: number;
  /** What insurer, or patient and fund together, had paid of the claim as far as it was read, in minor units. */
  paid: number;
  currency: string;
  why: 'reversed' | 'tooMuch' | 'otherInsurer';
}

export interface ClaimPayouts {
  /** To whom the insurer owes, the longest first; amounts are what is left of its shares. */
  payees: {
    provider: string;
    name: string;
    currency: string;
    claims: number;
    /** Not sent yet, and sent but not final. */
    approved: number;
    onItsWay: number;
    /** When the oldest of them was decided. */
    oldest: string;
  }[];
  /** Final on Ethereum, newest first. */
  payments: {
    claim: string;
    provider: string;
    name: string;
    currency: string;
    kind: 'payment' | 'refund';
    amount: number;
    at: string;
    transactionHash: string;
  }[];
  /** Null where the chain does not answer, as the next two. */
  account: InsurerAccount | null;
  paidIn: PaidIn | null;
  /** What waits for a second person, oldest first. */
  releases: Release[] | null;
  /** Where payments and claims do not match, oldest first. */
  mismatches: {
    what: Mismatch;
    /** Null of a payment that is of no claim, as its state. */
    claim: string | null;
    state: ClaimState | null;
    /** The provider's. */
    name: string | null;
    payer: string | null;
    /** What is owed, and what is paid of it. */
    share: number | null;
    paid: number | null;
    transactionHash: string | null;
    /** The ledger's refusal. */
    code: string | null;
    since: string;
  }[];
  /** So many are not listed. */
  moreMismatches: number;
}
