import { type Actor, readerOf } from '../../care/actor.ts';
import type { Folder } from '../../care/folder.ts';
import type { Category, Purpose } from '../../model/category.ts';
import { permitted } from '../../model/consent.ts';
import { LedgerError } from '../../model/errors.ts';
import { readConsents } from './inForce.ts';

/** The categories, of those asked for, that an actor may read for a purpose at an instant; an owner all of them. */
export async function permittedTo(
  folder: Folder,
  actor: Actor,
  wanted: { categories: readonly Category[]; purpose: Purpose; at: Date },
): Promise<readonly Category[]> {
  if ('owner' in actor) return wanted.categories;
  return permitted(await readConsents(folder), readerOf(actor.practitioner), wanted);
}

/** Refuses a clinician who may not read a category to treat the patient: NO_CONSENT. */
export async function requireTreating(folder: Folder, actor: Actor, category: Category, at: Date): Promise<void> {
  const allowed = await permittedTo(folder, actor, { categories: [category], purpose: 'TREAT', at });
  if (allowed.length === 0) throw new LedgerError('NO_CONSENT', `nothing permits it to ${actor.id}`);
}
