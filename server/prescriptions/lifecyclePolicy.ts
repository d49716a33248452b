import type { Prescription } from '#chaincode/model/prescription.ts';
import { holdBeforeNoticeMs, isCancelOpen, longestPickupMs } from '#chaincode/model/prescriptionTerms.ts';
import type { Renewal } from '#chaincode/model/renewal.ts';
import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';
import type { LifecycleIntent } from './lifecycleKinds.ts';

/** What the contract would refuse of a prescription's lifecycle, told before anybody signs. Where the two differ, the contract decides. */

export type RenewalChange = Extract<LifecycleIntent, { kind: 'askRenewal' | 'denyRenewal' | 'withdrawRenewal' }>;
export type LifecycleChange = Exclude<LifecycleIntent, RenewalChange>;

/** COMPLETED, CANCELLED. */
export function refuseEnded({ id, state }: Prescription): void {
  if (state === 'completed') throw new AppError('COMPLETED', id);
  if (state === 'cancelled') throw new AppError('CANCELLED', id);
}

/** Only the patient and who acts for the patient: NOT_AUTHORISED. */
export function requireOwner(actor: Actor, { patient }: Pick<Prescription, 'patient'>, represented: readonly string[]) {
  const acts = actor.role === 'patient' && (actor.subjectId === patient || represented.includes(patient));
  if (!acts) throw new AppError('NOT_AUTHORISED', 'not the patient');
}

/** The author, or the patient as above: NOT_AUTHORISED. */
export function requireConcerned(actor: Actor, prescription: Prescription, represented: readonly string[]): void {
  if (actor.role === 'doctor') {
    if (prescription.author !== actor.subjectId) throw new AppError('NOT_AUTHORISED', 'not the author');
  } else requireOwner(actor, prescription, represented);
}

/** Ended, held by nobody, or by another: COMPLETED, CANCELLED, WRONG_STATE, HELD_BY_ANOTHER. */
export function requireHolding(actor: Actor, prescription: Prescription): void {
  requireHeld(prescription);
  const { holder } = prescription;
  if (holder?.institutionId !== actor.institutionId) throw new AppError('HELD_BY_ANOTHER', holder?.institutionId ?? '');
}

function requireHeld(prescription: Prescription): void {
  refuseEnded(prescription);
  if (prescription.holder === undefined) throw new AppError('WRONG_STATE', 'nobody holds it');
}

/** WRONG_STATE while packs may have left the supply ledger. */
export function requireUnreserved({ reservation }: Prescription): void {
  if (reservation === undefined) return;
  throw new AppError('WRONG_STATE', `reserved for ${reservation.dispenseId}`, {
    message: 'A dispense of scanned packs is under way.',
    next: 'Finish it or take it back first.',
  });
}

/** Nothing new is dispensed of what is offered to another pharmacy, or asked to be cancelled. */
export function requireUndisturbed(prescription: Prescription): void {
  if (prescription.transfer !== undefined) throw new AppError('TRANSFER_PENDING', prescription.transfer.to);
  if (isCancelOpen(prescription.cancelRequest)) throw new AppError('CANCEL_REQUESTED', prescription.id);
}

/** `represented`: for whom the actor acts besides. */
export function allowLifecycle(
  actor: Actor,
  intent: LifecycleChange,
  prescription: Prescription,
  now: Date,
  represented: readonly string[],
): void {
  const { holder, transfer, holdNotice } = prescription;
  switch (intent.kind) {
    case 'requestCancel':
      requireConcerned(actor, prescription, represented);
      requireHeld(prescription);
      if (isCancelOpen(prescription.cancelRequest)) throw new AppError('ALREADY_EXISTS', 'asked already');
      return;
    case 'answerCancel':
      requireHolding(actor, prescription);
      if (!isCancelOpen(prescription.cancelRequest)) throw new AppError('WRONG_STATE', 'nobody asks to cancel it');
      if (intent.answer === 'cancel') requireUnreserved(prescription);
      return;
    case 'noticeHold':
      requireOwner(actor, prescription, represented);
      requireHeld(prescription);
      requireUnreserved(prescription);
      if (holdNotice !== undefined) throw new AppError('ALREADY_EXISTS', holdNotice.endsAt);
      if (now.getTime() < Date.parse(holder?.since ?? '') + holdBeforeNoticeMs) throw notDue(holder?.since ?? '');
      return;
    case 'endHold':
      requireOwner(actor, prescription, represented);
      requireHeld(prescription);
      requireUnreserved(prescription);
      if (holdNotice === undefined) throw new AppError('WRONG_STATE', 'no notice was given');
      if (now.getTime() < Date.parse(holdNotice.endsAt)) throw notDue(holdNotice.endsAt);
      return;
    case 'offerTransfer':
      requireHolding(actor, prescription);
      requireUnreserved(prescription);
      requireUndisturbed(prescription);
      if (intent.to === actor.institutionId) throw new AppError('INVALID_ARGUMENT', 'to itself');
      return;
    case 'acceptTransfer':
      requireHeld(prescription);
      if (transfer === undefined) throw new AppError('WRONG_STATE', 'it is not offered');
      if (transfer.to !== actor.institutionId) throw new AppError('NOT_AUTHORISED', 'offered to another');
      if (isCancelOpen(prescription.cancelRequest)) throw new AppError('CANCEL_REQUESTED', prescription.id);
      if (Date.parse(prescription.expires) <= now.getTime()) throw new AppError('EXPIRED', prescription.id);
      return;
    case 'withdrawTransfer':
      requireHeld(prescription);
      if (transfer === undefined) throw new AppError('WRONG_STATE', 'it is not offered');
      if (transfer.to !== actor.institutionId) requireHolding(actor, prescription);
      return;
    case 'refuseTransfer':
      requireOwner(actor, prescription, represented);
      requireHeld(prescription);
      if (transfer === undefined) throw new AppError('WRONG_STATE', 'it is not offered');
      return;
    case 'authorisePickup': {
      requireOwner(actor, prescription, represented);
      const ahead = Date.parse(intent.pickup.until) - now.getTime();
      if (ahead <= 0 || ahead > longestPickupMs) throw new AppError('INVALID_ARGUMENT', intent.pickup.until);
      refuseEnded(prescription);
      return;
    }
    case 'revokePickup':
      requireOwner(actor, prescription, represented);
      refuseEnded(prescription);
      if (prescription.pickup === undefined) throw new AppError('NOT_FOUND', 'nobody is authorised');
      return;
  }
}

const notDue = (at: string) =>
  new AppError('NOT_DUE', at, { message: 'The time until then is not over.', next: 'Come back later.' });

/** Whether a pharmacy holds a prescription or has dispensed on it. */
export const isKnownTo = ({ holder, dispenses }: Prescription, institutionId: string | null): boolean =>
  institutionId !== null &&
  (holder?.institutionId === institutionId || dispenses.some((dispense) => dispense.institutionId === institutionId));

/** Patient, representative, or a pharmacy that knows it: NOT_AUTHORISED, CANCELLED. */
export function allowAsking(actor: Actor, prescription: Prescription, represented: readonly string[]): void {
  if (actor.role === 'pharmacist') {
    if (!isKnownTo(prescription, actor.institutionId)) throw new AppError('NOT_AUTHORISED', 'another pharmacy');
  } else requireOwner(actor, prescription, represented);
  if (prescription.state === 'cancelled') throw new AppError('CANCELLED', prescription.id);
}

/** Only while it is asked, by the author or a doctor of the same institution: NOT_AUTHORISED, WRONG_STATE. */
export function allowDenying(actor: Actor, { author, authorInstitution, state }: Renewal): void {
  if (author !== actor.subjectId && authorInstitution !== actor.institutionId) {
    throw new AppError('NOT_AUTHORISED', 'asked of another');
  }
  if (state !== 'asked') throw new AppError('WRONG_STATE', state);
}

/** Only who asked, or the pharmacy or the patient of it: NOT_AUTHORISED, WRONG_STATE. */
export function allowWithdrawing(actor: Actor, renewal: Renewal, represented: readonly string[]): void {
  if (actor.role === 'pharmacist') {
    if (renewal.byInstitution !== actor.institutionId) throw new AppError('NOT_AUTHORISED', 'another pharmacy asked');
  } else requireOwner(actor, renewal, represented);
  if (renewal.state !== 'asked') throw new AppError('WRONG_STATE', renewal.state);
}
