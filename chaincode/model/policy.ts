import { z } from 'zod';
import { base64Url, cid, hex32, institutionId, keyWrap, readingKey, serialId, signature } from './identifiers.ts';
import { planId } from './plan.ts';

/**
 * A member's insurance on `claims`. The member is known there by the policy's id alone, which has nothing to do with the pseudonym on
 * a care channel, and acts there by statements of a key that is of this policy only: no certificate of a patient is in a block of `claims`.
 */

export const policyId = serialId('pol');
export const authorisationId = serialId('aut');

/** A ciphertext on IPFS, by CID and hex SHA-256. */
export const sealedContent = z.strictObject({ cid, contentHash: hex32 });
export type SealedContent = z.infer<typeof sealedContent>;

/** DER SubjectPublicKeyInfo of a P-256 key, base64url. */
export const memberKey = base64Url(120, 128);

/** Private data collection of all wraps on `claims`. */
export const claimCollection = 'claimSecrets';
/** Transient field with wraps: JSON of `Wraps`. */
export const wrapsTransientField = 'wraps';
/** A data key wrapped for its readers, by their ids: an institution, a device of it, or a policy for its member. */
export const contentWraps = z.record(z.string().max(64), keyWrap).refine((wraps) => {
  const { length } = Object.keys(wraps);
  return length >= 1 && length <= 6;
}, 'from 1 to 6 readers');
export type ContentWraps = z.infer<typeof contentWraps>;
/** A wrap as its reader gets it. */
export const contentWrap = z.strictObject({ id: z.string(), reader: z.string(), wrap: keyWrap });
export type ContentWrap = z.infer<typeof contentWrap>;

const keys = {
  /** By which the member acts, and by which the member reads. */
  signingKey: memberKey,
  readingKey,
};

/** What somebody says who wants to be a member; the first of a policy's statements. */
export const application = z.strictObject({
  id: policyId,
  plan: planId,
  ...keys,
  /** Name, birth date and identifier of the insured, for insurer and member. */
  details: sealedContent,
  at: z.iso.datetime(),
});
export type Application = z.infer<typeof application>;

export const policyStates = ['applied', 'active', 'refused', 'ended'] as const;
export type PolicyState = (typeof policyStates)[number];

export const policyVerdicts = ['accept', 'refuse'] as const;
/** The third argument of `decidePolicy`. */
export const policyDecision = z.strictObject({
  /** When it is accepted: from now where it does not say, and without an end. */
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  /** When it is refused; public on `claims`. */
  reason: z.string().max(400).optional(),
});

export const policyRecord = application.extend({
  insurer: institutionId,
  state: z.enum(policyStates),
  /** Since when services are covered (inclusive), and until when (exclusive); absent while it is applied for. */
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  reason: z.string().optional(),
  /** Who decided or ended it last: `prac-…`, the policy itself for its member. */
  by: z.string(),
  version: z.int().positive(),
});
export type Policy = z.infer<typeof policyRecord>;

/** Fields of a prescription's commitment that every claim of a medicine shows: without them nothing can be decided. */
export const requiredEvidence = ['medicine', 'quantity', 'authoredOn', 'patientIdentifier'] as const;
/** Further ones, which the member may let the insurer see. */
export const optionalEvidence = ['dosage', 'repeats', 'prescriber', 'institution', 'reason', 'validity'] as const;
export type OptionalEvidence = (typeof optionalEvidence)[number];
export const evidenceField = z.enum([...requiredEvidence, ...optionalEvidence]);
export type EvidenceField = z.infer<typeof evidenceField>;

/** A member's word that an institution may bill the insurer, and show it so much. Statement of the member. */
export const authorisation = z.strictObject({
  id: authorisationId,
  policy: policyId,
  institution: institutionId,
  /** Those of `optionalEvidence` that the insurer may see besides the required ones. */
  evidence: z.array(z.enum(optionalEvidence)).max(optionalEvidence.length),
  until: z.iso.datetime(),
  /** The member's insurance card, for the institution. */
  card: sealedContent,
  at: z.iso.datetime(),
});
export type Authorisation = z.infer<typeof authorisation>;

export const authorisationRecord = authorisation.extend({
  insurer: institutionId,
  state: z.enum(['active', 'revoked']),
  version: z.int().positive(),
});
export type StoredAuthorisation = z.infer<typeof authorisationRecord>;

/** What a member says besides; each names the policy whose key signs it and the instant, which must be of the last ten minutes. */
const said = { policy: policyId, at: z.iso.datetime() };
export const memberStatements = {
  apply: application,
  authorise: authorisation,
  revoke: z.strictObject({ ...said, authorisation: authorisationId }),
  leave: z.strictObject({ ...said }),
  appeal: z.strictObject({ ...said, claim: serialId('clm'), message: sealedContent }),
  /** To read what is wrapped for the member: evaluated, never submitted. */
  read: z.strictObject({ ...said, id: z.string().regex(/^(?:pol|clm|aut)-[a-z2-7]{26}$/) }),
} as const;
export type MemberAction = keyof typeof memberStatements;
export const memberActions = Object.keys(memberStatements) as MemberAction[];

/** A statement as it is brought; its bytes are signed as they are given, so that nothing is lost in writing them anew. */
export const signedStatement = z.strictObject({
  /** Canonical JSON of one of `memberStatements`. */
  said: z.string().min(2).max(8_192),
  signature,
});
export type SignedStatement = z.infer<typeof signedStatement>;
/** A statement is taken for so long after its instant, in minutes. */
export const statementMinutes = 10;

/** The bytes that a member's key signs: ECDSA P-256, SHA-256, DER, low S, base64url. */
export const memberStatementBytes = (action: MemberAction, saidJson: string): Uint8Array =>
  new TextEncoder().encode(`medloom/claims/${action}/v1\n${saidJson}`);
