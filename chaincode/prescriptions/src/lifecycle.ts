import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { parseJson, parseReason, parseValue } from '../../ledger/arguments.ts';
import { LedgerError } from '../../model/errors.ts';
import { institutionId } from '../../model/identifiers.ts';
import type { Prescription } from '../../model/prescription.ts';
import { pickupArgument, transferArgument } from '../../model/prescriptionTerms.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { institutionOf } from '../../people/institutions.ts';
import { requireAuthorStanding, requireConcerned, requireHold, requireOwn } from './callers.ts';
import * as holding from './holding.ts';
import { parsePrescriptionId } from './ids.ts';
import { requireRegistered } from './register.ts';
import { keepTransfer } from './secrets.ts';
import { changePrescription, getPrescription } from './storage.ts';
import * as transitions from './transitions.ts';

/** What people do with a prescription besides issuing and dispensing. */

/** By author or patient, while nobody holds it. */
export async function cancel(ctx: Context, at: Date, id: string, reason: string): Promise<void> {
  const words = parseReason(reason);
  const { prescription } = await requireConcerned(ctx, at, id);
  await changePrescription(ctx, prescription, transitions.cancel(prescription, words), 'cancel', at);
}

/** By author or patient, to the pharmacy that holds it. */
export async function requestCancel(ctx: Context, at: Date, id: string, reason: string): Promise<void> {
  const words = parseReason(reason);
  const { prescription, by } = await requireConcerned(ctx, at, id);
  const next = holding.requestCancel(prescription, { by, at: at.toISOString(), reason: words });
  await changePrescription(ctx, prescription, next, 'requestCancel', at);
}

const answers = z.enum(['cancel', 'refuse']);

export async function answerCancel(ctx: Context, at: Date, id: string, answer: string, reason: string): Promise<void> {
  const given = parseValue(answers, answer, 'answer');
  const words = parseReason(reason);
  const action = given === 'cancel' ? 'agreeCancel' : 'refuseCancel';
  const { prescription, pharmacist } = await requireHold(ctx, at, id, action);
  const next =
    given === 'cancel'
      ? holding.agreeCancel(prescription, words)
      : holding.refuseCancel(prescription, { by: pharmacist.id, at: at.toISOString(), reason: words });
  await changePrescription(ctx, prescription, next, 'answerCancel', at);
}

/** A change that the patient makes, or who acts for the patient. */
async function byOwner(
  ctx: Context,
  at: Date,
  id: string,
  change: string,
  make: (prescription: Prescription) => Prescription,
): Promise<void> {
  const prescription = await requireOwn(ctx, at, id);
  await changePrescription(ctx, prescription, make(prescription), change, at);
}

export const noticeHold = (ctx: Context, at: Date, id: string) =>
  byOwner(ctx, at, id, 'noticeHold', (prescription) => holding.noticeHold(prescription, at));

export const endHold = (ctx: Context, at: Date, id: string) =>
  byOwner(ctx, at, id, 'endHold', (prescription) => holding.endHold(prescription, at));

export const refuseTransfer = (ctx: Context, at: Date, id: string) =>
  byOwner(ctx, at, id, 'refuseTransfer', holding.endTransfer);

export async function authorisePickup(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const pickup = parseJson(pickupArgument, json, 'pickup');
  await byOwner(ctx, at, id, 'authorisePickup', (prescription) => holding.authorisePickup(prescription, pickup, at));
}

export const revokePickup = (ctx: Context, at: Date, id: string) =>
  byOwner(ctx, at, id, 'revokePickup', holding.revokePickup);

/** The other pharmacy is an active one; what is wrapped for it is kept until offer or hold end. */
export async function offerTransfer(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const { to } = parseJson(transferArgument, json, 'transfer');
  const { prescription } = await requireHold(ctx, at, id, 'offerTransfer');
  const next = holding.offerTransfer(prescription, { to, at: at.toISOString() });
  const { kind, status } = await institutionOf(ctx, parseValue(institutionId, to, 'transfer.to'));
  if (kind !== 'pharmacy') throw new LedgerError('INVALID_ARGUMENT', 'transfer.to: no pharmacy');
  if (status !== 'active') throw new LedgerError('SUSPENDED', `${to} is ${status}`);
  await keepTransfer(ctx, prescription.id, to);
  await changePrescription(ctx, prescription, next, 'offerTransfer', at);
}

export async function acceptTransfer(ctx: Context, at: Date, id: string): Promise<void> {
  const prescriptionId = parsePrescriptionId(ctx, id);
  const { practitioner: pharmacist } = await requirePractitioner(ctx, 'pharmacist', at);
  const prescription = await getPrescription(ctx, prescriptionId);
  const next = holding.acceptTransfer(prescription, {
    practitionerId: pharmacist.id,
    institutionId: pharmacist.institutionId,
    since: at.toISOString(),
  });
  transitions.requireInWindow(prescription, at);
  requireRegistered(prescription);
  await requireAuthorStanding(ctx, prescription, at);
  await changePrescription(ctx, prescription, next, 'acceptTransfer', at);
}

/** By the holder, or by the pharmacy that it is offered to, which so declines. */
export async function withdrawTransfer(ctx: Context, at: Date, id: string): Promise<void> {
  const prescriptionId = parsePrescriptionId(ctx, id);
  const { practitioner: pharmacist } = await requirePractitioner(ctx, 'pharmacist', at);
  const prescription = await getPrescription(ctx, prescriptionId);
  const next = holding.endTransfer(prescription);
  const { holder, transfer } = prescription;
  if (![holder?.institutionId, transfer?.to].includes(pharmacist.institutionId)) {
    throw new LedgerError('HELD_BY_ANOTHER', `${prescription.id} is held by another pharmacy`);
  }
  await changePrescription(ctx, prescription, next, 'withdrawTransfer', at);
}
