import type { Actor } from '#server/people/schema.ts';
import type { InstitutionView } from '#server/registry/schema.ts';

/** The actor's own institution out of a list; null where it has none or the registry did not answer. */
export async function ownInstitution(actor: Actor, list: Promise<InstitutionView[]>): Promise<InstitutionView | null> {
  try {
    return (await list).find(({ id }) => id === actor.institutionId) ?? null;
  } catch {
    // The entry is only shown; the screen says that the registry did not answer.
    return null;
  }
}
