import { AppError } from '#server/errors.ts';
import type { Actor, Role } from './schema.ts';

/** The person who installs the portal, acting from a shell on its machine; no session ever yields one. */
export interface Operator {
  operator: true;
}
export const operator: Operator = { operator: true };

/** Everybody has keys; each of these is about the actor's own. */
const everybody = ['doctor', 'patient', 'pharmacist', 'insurer', 'supplier', 'regulator', 'admin'] as const;

const permissions = {
  findPatients: ['doctor'],
  readVault: everybody,
  saveVault: everybody,
  changePassword: everybody,
  renewPhrase: everybody,
  addLock: everybody,
  rotateKeys: everybody,
  readKeys: everybody,
  listSecondFactors: everybody,
  listAuthorities: everybody,
  unlinkWallet: everybody,
  linkWallet: everybody,
} as const satisfies Record<string, readonly Role[]>;

/** Refuses with FORBIDDEN unless the actor's role is listed for what is asked; an unknown role or name is refused. */
export function allowPeople(actor: Actor, what: keyof typeof permissions): void {
  const allowed: readonly Role[] | undefined = Object.hasOwn(permissions, what) ? permissions[what] : undefined;
  if (allowed?.includes(actor.role) !== true) throw new AppError('FORBIDDEN', `${actor.role} may not ${what}`);
}

/** Only the operator creates institutions and people. */
export function allowOperator(actor: Operator): void {
  if (actor.operator !== true) throw new AppError('FORBIDDEN', 'not the operator');
}
