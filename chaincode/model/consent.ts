import { z } from 'zod';
import { type Category, type Purpose, purpose, purposes, someCategories } from './category.ts';
import { careId, institutionId, patientPseudonym, practitionerId } from './identifiers.ts';
import { practitionerRoles } from './registry.ts';

/**
 * What a patient allows and forbids. What it says lies in private data; the block has the id, the state and a hash. FHIR:
 * Consent, `provision`.
 */

export const consentId = careId('con');
export const requestId = careId('req');

/** Transient field of `consents:grant` (`ConsentTerms`) and `consents:request` (`RequestTerms`). */
export const consentTransientField = 'consent';

/** Whom a consent is about. A person or a role is of an institution; a role is every practitioner who has it there. */
export const grantee = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), id: practitionerId }),
  z.strictObject({ kind: z.literal('institution'), id: institutionId }),
  z.strictObject({ kind: z.literal('role'), id: institutionId, role: z.enum(practitionerRoles) }),
]);
export type Grantee = z.infer<typeof grantee>;

/** Distinct purposes, in the order of `purposes`. `ETREAT` is nothing that one grants: it follows from an emergency. */
export const somePurposes = z
  .array(z.enum(purposes).exclude(['ETREAT']))
  .min(1)
  .refine((named) => new Set(named).size === named.length, 'must name each purpose once');

/** What is private of a consent: transient field and private data. */
export const consentTerms = z
  .strictObject({
    decision: z.enum(['permit', 'deny']),
    grantee,
    categories: someCategories,
    purposes: somePurposes,
    /** ISO 8601; from (inclusive) until (exclusive). Without an end it holds until it is revoked. */
    from: z.iso.datetime(),
    until: z.iso.datetime().optional(),
  })
  .refine(({ from, until }) => until === undefined || Date.parse(from) < Date.parse(until), 'must end after it begins');
export type ConsentTerms = z.infer<typeof consentTerms>;

/** Argument of `consents:grant`. */
export const newConsent = z.strictObject({
  id: consentId,
  patient: patientPseudonym,
  /** Request that it answers. */
  answers: requestId.optional(),
});
export type NewConsent = z.infer<typeof newConsent>;

/** What a block and every member of the channel knows of it. */
export const consentRecord = z.strictObject({
  id: consentId,
  patient: patientPseudonym,
  state: z.enum(['active', 'revoked']),
  /** Who recorded it: the patient's or a representative's pseudonym. */
  by: patientPseudonym,
  /** Request that it answers. */
  answers: requestId.optional(),
  since: z.iso.datetime(),
  revokedAt: z.iso.datetime().optional(),
  revokedBy: patientPseudonym.optional(),
  version: z.int().positive(),
});
export type Consent = z.infer<typeof consentRecord>;

/** A consent with its terms, as `consents:list` answers it to the patient. */
export const fullConsent = consentRecord.extend({ terms: consentTerms });
export type FullConsent = z.infer<typeof fullConsent>;

/** A clinician's request. Private: what is asked for; public: that somebody asks. */
export const requestTerms = z.strictObject({
  categories: someCategories,
  purposes: somePurposes,
  until: z.iso.datetime().optional(),
  reason: z.string().trim().min(3).max(300),
});
export type RequestTerms = z.infer<typeof requestTerms>;
/** Argument of `consents:request`. */
export const newConsentRequest = z.strictObject({ id: requestId, patient: patientPseudonym });
export type NewConsentRequest = z.infer<typeof newConsentRequest>;
export const requestStates = ['open', 'granted', 'declined', 'withdrawn'] as const;
export const consentRequest = z.strictObject({
  id: requestId,
  patient: patientPseudonym,
  requester: practitionerId,
  institution: institutionId,
  state: z.enum(requestStates),
  at: z.iso.datetime(),
  version: z.int().positive(),
});
export type ConsentRequest = z.infer<typeof consentRequest>;
export const fullConsentRequest = consentRequest.extend({ terms: requestTerms });
export type FullConsentRequest = z.infer<typeof fullConsentRequest>;

/** What `consents:mine` answers: what a clinician may read of a patient now. */
export const permittedNow = z.strictObject({ purpose, categories: someCategories });
export type PermittedNow = z.infer<typeof permittedNow>;

/** So many consents of one patient may be in force at once. */
export const mostConsents = 200;

/** Who asks to read, as `registry` knows them. */
export interface Reader {
  practitionerId: string;
  institutionId: string;
  role: (typeof practitionerRoles)[number];
}

export function concerns({ grantee }: ConsentTerms, reader: Reader): boolean {
  if (grantee.kind === 'person') return grantee.id === reader.practitionerId;
  if (grantee.id !== reader.institutionId) return false;
  return grantee.kind === 'institution' || grantee.role === reader.role;
}

/** Whether terms hold at an instant. */
export function holdsAt(terms: ConsentTerms, at: Date): boolean {
  return Date.parse(terms.from) <= at.getTime() && !hasEnded(terms, at);
}

export function hasEnded({ until }: ConsentTerms, at: Date): boolean {
  return until !== undefined && Date.parse(until) <= at.getTime();
}

/**
 * The categories, of those asked for, that a reader may read: some consent in force permits it and none in force denies it.
 * Nothing said is no.
 */
export function permitted(
  consents: readonly Pick<FullConsent, 'state' | 'terms'>[],
  reader: Reader,
  wanted: { categories: readonly Category[]; purpose: Purpose; at: Date },
): Category[] {
  const inForce = consents
    .filter(({ state, terms }) => state === 'active' && holdsAt(terms, wanted.at) && concerns(terms, reader))
    .map(({ terms }) => terms)
    .filter((terms) => names(terms, wanted.purpose));
  const says = (decision: ConsentTerms['decision'], category: Category) =>
    inForce.some((terms) => terms.decision === decision && terms.categories.includes(category));
  return wanted.categories.filter((category) => says('permit', category) && !says('deny', category));
}

/**
 * Whether a seed of a category may be wrapped for a person, or for an institution, whose staff hold its key together: some
 * permit that has not ended reaches them for a purpose that nothing in force denies them. It may begin later, since keys
 * are made before; whether somebody reads is `permitted` alone.
 */
export function mayHold(
  consents: readonly Pick<FullConsent, 'state' | 'terms'>[],
  holder: Reader | { institutionId: string },
  category: Category,
  at: Date,
): boolean {
  const terms = consents
    .filter(({ state, terms }) => state === 'active' && !hasEnded(terms, at) && terms.categories.includes(category))
    .map(({ terms }) => terms);
  const reaches = (said: ConsentTerms) => {
    if ('practitionerId' in holder) return concerns(said, holder);
    if (said.grantee.kind === 'person' || said.grantee.id !== holder.institutionId) return false;
    // A role is permitted through the key of its institution, but denied without the others' being so.
    return said.decision === 'permit' || said.grantee.kind === 'institution';
  };
  const isDenied = (named: Purpose) =>
    terms.some((said) => said.decision === 'deny' && holdsAt(said, at) && reaches(said) && names(said, named));
  return terms.some(
    (said) => said.decision === 'permit' && reaches(said) && said.purposes.some((named) => !isDenied(named)),
  );
}

function names({ purposes }: ConsentTerms, asked: Purpose): boolean {
  return purposes.some((named) => named === asked);
}
