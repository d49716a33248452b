import { and, eq } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { policyMembers } from '../gateways/db/schema/claims.ts';
import type { PersonalData } from '../people/personalData.ts';
import type { Actor } from '../people/schema.ts';

/** Whose policies are whose: known to this portal alone, and in its database to who has the key of personal data. */

export const ownerIndexOf = (personalData: PersonalData, personId: string): Buffer =>
  personalData.index('policy-owner', personId);

/** The policies of a patient, those that came to nothing among them. */
export async function policiesOf({ db, personalData }: Portal, { personId }: Actor): Promise<string[]> {
  const rows = await db
    .select({ policy: policyMembers.policy })
    .from(policyMembers)
    .where(eq(policyMembers.ownerIndex, ownerIndexOf(personalData, personId)));
  return rows.map(({ policy }) => policy);
}

/** Refuses with NOT_FOUND a policy that is not the actor's. */
export async function requireOwnPolicy({ db, personalData }: Portal, actor: Actor, policy: string): Promise<void> {
  const own = and(
    eq(policyMembers.policy, policy),
    eq(policyMembers.ownerIndex, ownerIndexOf(personalData, actor.personId)),
  );
  if ((await db.$count(policyMembers, own)) === 0) throw new AppError('NOT_FOUND', `${policy} is not the actor's`);
}
