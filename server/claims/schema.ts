import { z } from 'zod';
import { type Claim, claimId, claimStates } from '#chaincode/model/claim.ts';
import type { Plan, PlanHead } from '#chaincode/model/plan.ts';
import {
  type ContentWrap,
  contentWraps,
  type MemberAction,
  memberActions,
  type Policy,
  type StoredAuthorisation,
  signedStatement,
} from '#chaincode/model/policy.ts';
import { base64Url } from '../prescriptions/schema.ts';

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

/** Public names of the institutions that an entry names, by id. */
interface Named {
  names: Record<string, string>;
}

export type ClaimView = Claim & Named;
export type PolicyView = Policy & Named;
export type AuthorisationView = StoredAuthorisation & Named;

/** A plan with its versions, newest first. */
export interface PlanView extends PlanHead {
  insurerName: string;
  versions: Plan[];
}

/** Which claims are listed. */
export const claimFilter = z.object({
  states: z.array(z.enum(claimStates)).max(claimStates.length).optional(),
  use: z.enum(['claim', 'preauthorisation']).optional(),
});
export type ClaimFilter = z.input<typeof claimFilter>;

/** What a patient has with insurers. */
export interface InsuranceView {
  policies: PolicyView[];
  authorisations: AuthorisationView[];
  claims: ClaimView[];
}

/** What is owed to a provider, in minor units, by how long it has been open. */
export interface Receivables {
  /** Days since the claim was submitted: up to 30, 60, 90, and longer. */
  ages: { upTo: number | null; insurer: number; patient: number; claims: number }[];
}
