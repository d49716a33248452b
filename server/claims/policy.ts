import type { Claim } from '#chaincode/model/claim.ts';
import type { Policy, StoredAuthorisation } from '#chaincode/model/policy.ts';
import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';

/** Who bills: the staff who treat and dispense. */
export const providers: readonly Role[] = ['doctor', 'pharmacist'];
export const insurers: readonly Role[] = ['insurer'];

/** The insurer of a member of its staff. Throws FORBIDDEN. */
export function allowInsurer(actor: Actor): string {
  if (actor.role !== 'insurer' || actor.institutionId === null) {
    throw new AppError('FORBIDDEN', `${actor.role} insures nobody`);
  }
  return actor.institutionId;
}

/** The institution of somebody who bills. Throws FORBIDDEN. */
export function allowProvider(actor: Actor): string {
  if (!providers.includes(actor.role) || actor.institutionId === null) {
    throw new AppError('FORBIDDEN', `${actor.role} bills nobody`);
  }
  return actor.institutionId;
}

/** Throws FORBIDDEN. */
export function allowMember(actor: Actor): void {
  if (actor.role !== 'patient') throw new AppError('FORBIDDEN', `${actor.role} is no member of an insurance`);
}

/** Whether an insurer's or a provider's staff have to do with a claim; a member's reach is by the policy. */
export const isParty = ({ role, institutionId }: Actor, { insurer, provider }: Pick<Claim, 'insurer' | 'provider'>) =>
  institutionId !== null &&
  ((role === 'insurer' && institutionId === insurer) || (providers.includes(role) && institutionId === provider));

/** Refuses with NOT_FOUND whoever has nothing to do with it: that there is one is nobody else's business. */
export function allowClaim(actor: Actor, claim: Pick<Claim, 'id' | 'insurer' | 'provider'>): void {
  if (!isParty(actor, claim)) throw new AppError('NOT_FOUND', `${claim.id} is not ${actor.subjectId}'s`);
}

/** Throws FORBIDDEN, NOT_FOUND. */
export function allowPolicy(actor: Actor, policy: Pick<Policy, 'id' | 'insurer'>): void {
  if (allowInsurer(actor) !== policy.insurer) throw new AppError('NOT_FOUND', `${policy.id} is another insurer's`);
}

/** Throws FORBIDDEN, NOT_FOUND. */
export function allowCard(actor: Actor, { id, institution }: Pick<StoredAuthorisation, 'id' | 'institution'>): void {
  if (allowProvider(actor) !== institution) throw new AppError('NOT_FOUND', `${id} is another institution's`);
}
