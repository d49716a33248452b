import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { practitionerRegistration } from '#chaincode/model/records.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { people } from '../gateways/db/schema/people.ts';
import { type Actor, roles } from '../people/schema.ts';

/** Institutions are public to everybody who is signed in. */
export function allowInstitutions(actor: Actor): void {
  if (!roles.includes(actor.role)) throw new AppError('FORBIDDEN', `unknown role ${actor.role}`);
}

/** The regulator sees the practitioners of every institution, an admin those of their own. */
export function allowPractitioners(actor: Actor, institutionId: string): void {
  if (actor.role === 'regulator') return;
  if (actor.role === 'admin' && actor.institutionId === institutionId) return;
  throw new AppError('FORBIDDEN', `${actor.role} may not list practitioners of ${institutionId}`);
}

/** The institution that an admin answers for. */
export function ownInstitutionOf({ role, institutionId }: Actor): string {
  if (role !== 'admin' || institutionId === null) throw new AppError('FORBIDDEN', `${role} administers nothing`);
  return institutionId;
}

/** Only the regulator admits and suspends institutions. */
export function allowAuthority(actor: Actor): void {
  if (actor.role !== 'regulator') throw new AppError('FORBIDDEN', `${actor.role} is not the authority`);
}

/**
 * An admin answers for people and devices of the own institution, though not for herself; the authority for all. The roles
 * of the kind say what each of them may.
 */
export function allowKeeper(actor: Actor, { institutionId }: { institutionId: string }, subject?: string): void {
  allowPractitioners(actor, institutionId);
  if (actor.role === 'admin' && actor.subjectId === subject) {
    throw new AppError('FORBIDDEN', 'an admin about herself', {
      message: 'Nobody answers for themselves.',
      next: 'Ask another administrator of your institution.',
    });
  }
}

/** A maker registers what it makes itself, the authority what anybody makes. */
export function allowProduct({ role, institutionId }: Actor, { maker }: { maker: string }): void {
  if (role === 'regulator' || (role === 'supplier' && institutionId === maker)) return;
  throw new AppError('FORBIDDEN', `${role} of ${institutionId} registers no product of ${maker}`, {
    message: 'Only the maker and the authority register a medicine.',
  });
}

/** Keys and second factors are changed by the person who has them. */
export function allowOwn(actor: Actor, subject: string): void {
  if (actor.subjectId !== subject) throw new AppError('FORBIDDEN', `${actor.subjectId} is not ${subject}`);
}

/** An admin registers those whom the institution has taken on in this portal, as it has taken them on. */
export async function allowRegistration(
  portal: Portal,
  actor: Actor,
  { id, institutionId, role }: z.output<typeof practitionerRegistration>,
): Promise<void> {
  allowKeeper(actor, { institutionId }, id);
  const [person] = await portal.db.select().from(people).where(eq(people.subjectId, id));
  if (person?.institutionId !== institutionId || person.role !== role) {
    throw new AppError('NOT_FOUND', `${id} is nobody of ${institutionId}`);
  }
}
