import { and, asc, eq } from 'drizzle-orm';
import type { ClaimedReader } from '#crypto/reader.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { institutions } from '../gateways/db/schema/people.ts';
import type { Actor } from '../people/schema.ts';
import { readersOf } from '../records/readers.ts';

/**
 * The authority in whose register a controlled medicine is entered: the first that has a reading key, with what proves the key,
 * which the page checks. Throws FORBIDDEN, and CONTROLLED_INCOMPLETE where no authority has one.
 */
export async function readRegisterAuthority(
  actor: Actor,
  _: undefined,
  portal: Portal = thePortal(),
): Promise<Extract<ClaimedReader, { kind: 'institution' }>> {
  if (actor.role !== 'doctor') throw new AppError('FORBIDDEN', `${actor.role} prescribes nothing`);
  const authorities = await portal.db
    .select({ id: institutions.id })
    .from(institutions)
    .where(and(eq(institutions.kind, 'authority'), eq(institutions.status, 'active')))
    .orderBy(asc(institutions.id));
  const claims = await readersOf(actor, { ids: authorities.map(({ id }) => id) }, portal);
  const claim = claims.find((found) => found.kind === 'institution');
  if (claim === undefined) {
    throw new AppError('CONTROLLED_INCOMPLETE', 'no authority has a reading key', {
      message: 'The health authority has no key yet for its register of controlled medicines.',
      next: 'Ask the authority to make one; until then no controlled medicine can be prescribed here.',
    });
  }
  return claim;
}
