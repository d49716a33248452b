import { redirect } from 'next/navigation';
import type { Actor, Role } from '#server/people/schema.ts';
import { homeOf } from './navigation.ts';

/** The actor where the role fits; others are taken to their own first screen. Queries ask their own policy besides. */
export function requireRole(actor: Actor | null, role: Role): Actor {
  if (actor === null) redirect('/sign-in');
  if (actor.role !== role) redirect(homeOf(actor.role));
  return actor;
}
