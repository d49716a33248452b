import type { Context } from 'fabric-contract-api';
import { parsePseudonym, requireChannel } from '../../care/channel.ts';
import { findCircle, findSeat, objectTypes, putCircle } from '../../care/circles.ts';
import { callingSubject } from '../../care/members.ts';
import { isPatientMember, requireOwner } from '../../care/owner.ts';
import { Seating } from '../../care/seating.ts';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { requireSecondFactor } from '../../ledger/secondFactor.ts';
import { announce, putIndex } from '../../ledger/store.ts';
import { careEvents } from '../../model/careEvents.ts';
import { earliest, isSeated, mostSeats, newSeat, type Seat, type SeatKind, seatSubject } from '../../model/circle.ts';
import { LedgerError } from '../../model/errors.ts';
import { requireStanding } from '../../model/standing.ts';
import { standingOf } from '../../people/callers.ts';
import { deviceStanding } from '../../people/devices.ts';
import { seatsOfPatient } from './reading.ts';

/** Gives a subject a seat, or a seat another end: the patient's consent, and so confirmed with a second factor. */
export async function give(ctx: Context, at: Date, json: string): Promise<void> {
  const given = parseJson(newSeat, json, 'seat');
  const { patient, subject, until } = given;
  requireChannel(ctx, patient);
  const { person } = await requireOwner(ctx, patient, at);
  requireSecondFactor(ctx, person.credentials);
  if (until !== undefined && Date.parse(until) <= at.getTime()) {
    throw new LedgerError('INVALID_ARGUMENT', 'seat.until: ahead');
  }
  const seatable = await seatableOf(ctx, subject, at);
  const others = (await seatsOfPatient(ctx, patient)).filter((one) => one.subject !== subject && isSeated(one, at));
  if (others.length >= mostSeats) throw new LedgerError('WRONG_STATE', `${patient} has given ${mostSeats} seats`);
  const before = await findSeat(ctx, patient, subject);
  const continues = isSeated(before, at) && before.institution === seatable.institution;
  if (continues && before.until === until) {
    throw new LedgerError('ALREADY_EXISTS', `${subject} has this seat already`);
  }
  const since = continues ? before.since : at.toISOString();
  const by = person.pseudonym;
  const seat: Seat = { ...given, ...seatable, state: 'active', since, by, version: (before?.version ?? 0) + 1 };
  if (!before) await putIndex(ctx, objectTypes.seatOf, [subject, patient], patient);
  await putSeat(ctx, at, seat, 'circles:seat');
}

/** Ends a seat, by an owner or by the subject: from this instant the epoch is stale where the subject is in it. */
export async function end(ctx: Context, at: Date, pseudonym: string, subjectId: string): Promise<void> {
  const patient = parsePseudonym(ctx, pseudonym);
  const subject = parseValue(seatSubject, subjectId, 'subject');
  const by = isPatientMember(ctx)
    ? (await requireOwner(ctx, patient, at)).person.pseudonym
    : (await callingSubject(ctx, at)).id;
  if (!isPatientMember(ctx) && by !== subject) {
    throw new LedgerError('NOT_AUTHORISED', `${by} may not end the seat of ${subject}`);
  }
  const seat = await findSeat(ctx, patient, subject);
  if (!seat) throw new LedgerError('NOT_FOUND', `${subject} has no seat in the circle of ${patient}`);
  if (seat.state !== 'active') throw new LedgerError('WRONG_STATE', `the seat of ${subject} has ended`);
  const endedAt = earliest(at.toISOString(), seat.until);
  await putSeat(ctx, at, { ...seat, state: 'ended', endedAt, by, version: seat.version + 1 }, 'circles:unseat');
}

/** What the registry says of somebody who can have a seat. Throws NOT_FOUND, SUSPENDED, LICENCE_INVALID, INVALID_ARGUMENT. */
async function seatableOf(ctx: Context, subject: string, at: Date): Promise<{ kind: SeatKind; institution: string }> {
  if (subject.startsWith('dev-')) {
    const { device, institution } = await deviceStanding(ctx, subject);
    const { purpose } = device;
    if (purpose === 'sensor' || purpose === 'hub') return { kind: 'device', institution: institution.id };
    if (purpose === 'monitor') return { kind: 'monitor', institution: institution.id };
    throw new LedgerError('INVALID_ARGUMENT', 'seat.subject: a device that measures nothing');
  }
  const { practitioner, institution } = await standingOf(ctx, subject);
  if (practitioner.role !== 'doctor') throw new LedgerError('INVALID_ARGUMENT', 'seat.subject: no doctor');
  requireStanding(practitioner, institution, at);
  return { kind: 'clinician', institution: institution.id };
}

/** Writes a seat, and what follows for the epoch where its subject has a leaf, and announces the change. */
async function putSeat(ctx: Context, at: Date, seat: Seat, change: string): Promise<void> {
  const { patient, subject, state, version } = seat;
  const seating = new Seating(ctx);
  seating.seats.put([patient, subject], seat);
  const circle = await findCircle(ctx, patient);
  if (circle?.leaves.some((leaf) => leaf.subject === subject)) {
    const { staleSince: _, seatsEnd: __, ...rest } = circle;
    await putCircle(ctx, { ...rest, ...(await seating.settle(circle, at)), version: circle.version + 1 });
  }
  await seating.write();
  announce(ctx, careEvents.circles, { id: patient, change, state, version, at: at.toISOString(), patient, subject });
}
