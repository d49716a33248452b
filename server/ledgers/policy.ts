import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';

/**
 * Which chains a person may watch: the authority all of them, an institution's admin those that the institution's
 * organisation is on; everybody else is refused with FORBIDDEN.
 */
export function watchableBy(
  actor: Actor,
  organisationsOf: (channel: string) => string[],
): (channel: string) => boolean {
  if (actor.role === 'regulator') return () => true;
  if (actor.role === 'admin') return (channel) => organisationsOf(channel).includes(actor.mspId);
  throw new AppError('FORBIDDEN', `${actor.role} may not watch the ledgers`);
}
