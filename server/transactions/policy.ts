import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';
import { handlers } from './handlers.ts';
import { type ReadKind, readings, type TransactionKind } from './schema.ts';

function allow(allowed: readonly Role[] | undefined, actor: Actor, what: string): void {
  if (allowed?.includes(actor.role) !== true) throw new AppError('FORBIDDEN', `${actor.role} may not ${what}`);
  if (!actor.enrolled) throw new AppError('NOT_ENROLLED', 'no keys');
}

/** Refuses with FORBIDDEN unless the role may ask for this kind of transaction. */
export function allowTransaction(actor: Actor, kind: TransactionKind): void {
  allow(Object.hasOwn(handlers, kind) ? handlers[kind].roles : undefined, actor, kind);
}

/** Refuses with FORBIDDEN unless the role may ask for this kind of reading. */
export function allowReading(actor: Actor, kind: ReadKind): void {
  allow(Object.hasOwn(readings, kind) ? readings[kind].roles : undefined, actor, kind);
}
