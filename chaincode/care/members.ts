import type { Context } from 'fabric-contract-api';
import { isSeated, type Seat } from '../model/circle.ts';
import { LedgerError } from '../model/errors.ts';
import { requirePractitioner } from '../people/callers.ts';
import { callingDevice, isDevice } from '../people/devices.ts';
import { findSeat } from './circles.ts';
import { isPatientMember, type Owner, requireOwner } from './owner.ts';

/** Who takes part in a patient's circle: an owner, or somebody with a seat. */
export type Member = { id: string; owner: Owner } | { id: string; seat: Seat };

/** A device or doctor with who answers for them, in standing at the instant `at`. */
export async function callingSubject(ctx: Context, at: Date): Promise<{ id: string; institutionId: string }> {
  if (isDevice(ctx)) return (await callingDevice(ctx)).device;
  return (await requirePractitioner(ctx, 'doctor', at)).practitioner;
}

/**
 * The caller as a member: the patient or a representative, or a device or doctor in standing whom the patient has given a
 * seat that is in force. Throws what refuses an owner, device or doctor, and NO_CONSENT.
 */
export async function requireMember(ctx: Context, patient: string, at: Date): Promise<Member> {
  if (isPatientMember(ctx)) {
    const owner = await requireOwner(ctx, patient, at);
    return { id: owner.person.pseudonym, owner };
  }
  const { id, institutionId } = await callingSubject(ctx, at);
  return { id, seat: await requireSeat(ctx, patient, { id, institutionId }, at) };
}

/** The calling doctor, who must have a seat. Throws what refuses a doctor, and NO_CONSENT. */
export async function requireSeatedDoctor(ctx: Context, patient: string, at: Date): Promise<string> {
  const { practitioner } = await requirePractitioner(ctx, 'doctor', at);
  await requireSeat(ctx, patient, practitioner, at);
  return practitioner.id;
}

/** A seat in force that was given while the same institution answered for its subject. */
export async function requireSeat(
  ctx: Context,
  patient: string,
  { id, institutionId }: { id: string; institutionId: string },
  at: Date,
): Promise<Seat> {
  const found = await findSeat(ctx, patient, id);
  if (!isSeated(found, at) || found.institution !== institutionId) {
    throw new LedgerError('NO_CONSENT', `${id} has no seat in the circle of ${patient}`);
  }
  return found;
}
