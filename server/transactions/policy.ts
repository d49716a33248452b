import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';
import { handlers } from './handlers.ts';
import type { ReadKind, TransactionKind } from './schema.ts';

const mayRead: Record<ReadKind, readonly Role[]> = {
  readWraps: ['doctor', 'patient'],
  readRelease: ['pharmacist'],
};

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
  allow(Object.hasOwn(mayRead, kind) ? mayRead[kind] : undefined, actor, kind);
}
