import { z } from 'zod';
import { type Category, type Purpose, purposes, someCategories } from './category.ts';
import { careId, institutionId, practitionerId } from './identifiers.ts';
import { practitionerRoles } from './registry.ts';

/**
 * What a patient allows and forbids. What it says lies in private data; the block has the id, the state and a hash. FHIR:
 * Consent, `provision`.
 */

export const consentId = careId('con');
export const requestId = careId('req');

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

/** What a block and every member of the channel knows of it. */
export interface Consent {
  id: string;
  patient: string;
  state: 'active' | 'revoked';
  /** Who recorded it last: the patient's or a representative's pseudonym. */
  by: string;
  /** Request that it answers. */
  answers?: string;
  /** ISO 8601 */
  since: string;
  revokedAt?: string;
  version: number;
}

/** A consent with its terms, as `consents:list` answers it to the patient. */
export interface FullConsent extends Consent {
  terms: ConsentTerms;
}

/** A clinician's request. Private: what is asked for; public: that somebody asks. */
export const requestTerms = z.strictObject({
  categories: someCategories,
  purposes: somePurposes,
  until: z.iso.datetime().optional(),
  reason: z.string().trim().min(3).max(300),
});
export type RequestTerms = z.infer<typeof requestTerms>;
export interface ConsentRequest {
  id: string;
  patient: string;
  requester: string;
  institution: string;
  state: 'open' | 'granted' | 'declined' | 'withdrawn';
  at: string;
  version: number;
}
export interface FullConsentRequest extends ConsentRequest {
  terms: RequestTerms;
}

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
export function holdsAt({ from, until }: ConsentTerms, at: Date): boolean {
  return Date.parse(from) <= at.getTime() && (until === undefined || at.getTime() < Date.parse(until));
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
    .filter(({ purposes }) => purposes.some((purpose) => purpose === wanted.purpose));
  const says = (decision: ConsentTerms['decision'], category: Category) =>
    inForce.some((terms) => terms.decision === decision && terms.categories.includes(category));
  return wanted.categories.filter((category) => says('permit', category) && !says('deny', category));
}
