import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';

/** Doctors and admins of a hospital keep its directory; answers the hospital. Throws FORBIDDEN. */
export function directoryOf(actor: Actor): string {
  if (
    (actor.role === 'doctor' || actor.role === 'admin') &&
    actor.institutionId !== null &&
    actor.mspId === 'HospitalMSP'
  ) {
    return actor.institutionId;
  }
  throw new AppError('FORBIDDEN', `${actor.role} keeps no directory`);
}
