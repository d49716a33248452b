import type { Context } from 'fabric-contract-api';
import { parsePseudonym } from '../../care/channel.ts';
import { epochParts, findCircle, findSeat, objectTypes } from '../../care/circles.ts';
import { Seating } from '../../care/seating.ts';
import { parseNumber, parsePageSize, parseValue } from '../../ledger/arguments.ts';
import { readStates } from '../../ledger/batches.ts';
import { decodeRecord, readPage } from '../../ledger/store.ts';
import { type CircleEpoch, type CircleView, circleEpoch, type Seat, seat, seatSubject } from '../../model/circle.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Page } from '../../model/registry.ts';

/** What everybody on the channel knows. */

/** All seats that a patient ever gave, in the order of their subjects. */
export async function seatsOfPatient(ctx: Context, patient: string): Promise<Seat[]> {
  const seats: Seat[] = [];
  const rows = await ctx.stub.getStateByPartialCompositeKey(objectTypes.seat, [patient]);
  for (let next = await rows.next(); !next.done; next = await rows.next())
    seats.push(decodeRecord(seat, next.value.value));
  return seats;
}

/** The present epoch is stale here also by a suspension that is mirrored, of which its entry knows nothing. */
export async function read(ctx: Context, pseudonym: string): Promise<CircleView> {
  const patient = parsePseudonym(ctx, pseudonym);
  const seats = await seatsOfPatient(ctx, patient);
  const circle = await findCircle(ctx, patient);
  if (!circle) return { seats };
  const staleSince = await new Seating(ctx).staleSince(circle);
  return { circle: { ...circle, ...(staleSince && { staleSince }) }, seats };
}

/** Epochs of a generation from one on, in their order; fewer than asked for where there are no more. */
export async function readEpochs(
  ctx: Context,
  pseudonym: string,
  generation: string,
  from: string,
  pageSize: string,
): Promise<CircleEpoch[]> {
  const patient = parsePseudonym(ctx, pseudonym);
  const [of, first] = [parseNumber(generation, 'generation'), parseNumber(from, 'from')];
  const keys = Array.from({ length: parsePageSize(pageSize) }, (_, index) =>
    ctx.stub.createCompositeKey(objectTypes.circleEpoch, [
      patient,
      ...epochParts({ generation: of, epoch: first + index }),
    ]),
  );
  const values = await readStates(ctx, keys);
  return values.filter((value) => value.length > 0).map((value) => decodeRecord(circleEpoch, value));
}

/** Seats of a device or doctor on this channel, in the order of patients, ended ones among them. */
export async function listSeatsOf(
  ctx: Context,
  subjectId: string,
  size: string,
  bookmark: string,
): Promise<Page<Seat>> {
  const subject = parseValue(seatSubject, subjectId, 'subject');
  return readPage(ctx, objectTypes.seatOf, [subject], size, bookmark, async (_key, value) => {
    const patient = Buffer.from(value).toString('utf8');
    const found = await findSeat(ctx, patient, subject);
    if (!found) throw new LedgerError('NOT_FOUND', `the seat of ${subject} with ${patient} is not there`);
    return found;
  });
}
