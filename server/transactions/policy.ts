import type { Prescription } from '#chaincode/model/prescription.ts';
import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';
import type { PrescriptionIntent, ReadIntent, TransactionKind } from './schema.ts';

/** Everybody who has an entry on `registry`. */
const staff: readonly Role[] = ['doctor', 'pharmacist', 'insurer', 'supplier', 'regulator', 'admin'];

/** Which role may ask for which transaction. The contracts judge again, by the exact key. */
const mayTransact: Record<TransactionKind, readonly Role[]> = {
  issue: ['doctor'],
  cancel: ['doctor'],
  accept: ['pharmacist'],
  return: ['pharmacist'],
  dispense: ['pharmacist'],
  close: ['pharmacist'],
  voidCode: ['patient'],
  renewCode: ['patient'],
  linkWallet: staff,
  unlinkWallet: staff,
};

const mayRead: Record<ReadIntent['kind'], readonly Role[]> = {
  readWraps: ['doctor', 'patient'],
  readRelease: ['pharmacist'],
};

function allow(table: Record<string, readonly Role[]>, actor: Actor, what: string): void {
  const allowed = Object.hasOwn(table, what) ? table[what] : undefined;
  if (allowed?.includes(actor.role) !== true) throw new AppError('FORBIDDEN', `${actor.role} may not ${what}`);
  if (!actor.enrolled) throw new AppError('NOT_ENROLLED', 'no keys');
}

/** Refuses with FORBIDDEN unless the role may ask for this kind of transaction. */
export function allowTransaction(actor: Actor, kind: TransactionKind): void {
  allow(mayTransact, actor, kind);
}

/** Refuses with FORBIDDEN unless the role may ask for this kind of reading. */
export function allowReading(actor: Actor, kind: ReadIntent['kind']): void {
  allow(mayRead, actor, kind);
}

function refuseEnded(prescription: Prescription): void {
  if (prescription.state === 'completed') throw new AppError('COMPLETED', prescription.id);
  if (prescription.state === 'cancelled') throw new AppError('CANCELLED', prescription.id);
}

/**
 * What the contract would refuse, told before anybody signs. `prescription` is the ledger's present state. The rules
 * are the contract's; where the two differ, the contract decides.
 */
export function allowChange(
  actor: Actor,
  kind: Exclude<PrescriptionIntent['kind'], 'issue'>,
  prescription: Prescription,
  now: Date,
): void {
  const { holder } = prescription;
  switch (kind) {
    case 'accept':
      refuseEnded(prescription);
      if (holder?.institutionId === actor.institutionId) throw new AppError('WRONG_STATE', 'held by one’s own already');
      if (holder !== undefined) throw new AppError('HELD_BY_ANOTHER', holder.institutionId);
      if (Date.parse(prescription.expires) <= now.getTime()) throw new AppError('EXPIRED', prescription.id);
      if (!prescription.codeValid) throw new AppError('CODE_VOID', prescription.id);
      return;
    case 'return':
    case 'dispense':
    case 'close':
      refuseEnded(prescription);
      if (holder === undefined) throw new AppError('WRONG_STATE', 'nobody holds it');
      if (holder.institutionId !== actor.institutionId) throw new AppError('HELD_BY_ANOTHER', holder.institutionId);
      return;
    case 'cancel':
      if (prescription.author !== actor.subjectId) throw new AppError('NOT_AUTHORISED', 'not the author');
      refuseEnded(prescription);
      if (prescription.state !== 'active') throw new AppError('WRONG_STATE', prescription.state);
      return;
    case 'voidCode':
    case 'renewCode':
      if (prescription.patient !== actor.subjectId) throw new AppError('NOT_AUTHORISED', 'not the patient');
      refuseEnded(prescription);
      return;
  }
}
