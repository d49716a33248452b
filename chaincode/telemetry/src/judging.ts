import { careChannelOf } from '../../care/channel.ts';
import { epochParts } from '../../care/circles.ts';
import { earliest, type Seat } from '../../model/circle.ts';
import {
  type Batch,
  earliestReading,
  epochGraceMs,
  mostAheadMs,
  type Outcome,
  type StreamPart,
} from '../../model/telemetry.ts';
import { type Anchorage, isPresent } from './storage.ts';

/** By what a batch is judged. */
interface Court {
  anchorage: Anchorage;
  channel: string;
  at: Date;
}
type Fault = Pick<Outcome, 'code' | 'device'>;

/** Why a batch is refused; undefined where it is not. */
export async function faultOf(batch: Batch, court: Court): Promise<Fault | undefined> {
  return (
    faultOfPlace(batch, court) ??
    faultOfContent(batch, court) ??
    (await faultOfEpoch(batch, court)) ??
    (await faultOfStreams(batch, court))
  );
}

function faultOfPlace({ id, patient }: Batch, { channel }: Court): Fault | undefined {
  return [id, patient].some((of) => careChannelOf(of) !== channel) ? { code: 'WRONG_CHANNEL' } : undefined;
}

/** What it says contradicts itself, or the clock. */
function faultOfContent({ frames, from, to, streams }: Batch, { at }: Court): Fault | undefined {
  const parts = new Set(streams.map(({ device, stream }) => `${device} ${stream}`));
  const counted = streams.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const [begins, ends] = [Date.parse(from), Date.parse(to)];
  const isPossible =
    parts.size === streams.length &&
    counted === frames &&
    begins <= ends &&
    begins >= Date.parse(earliestReading) &&
    ends <= at.getTime() + mostAheadMs;
  return isPossible ? undefined : { code: 'INVALID_ARGUMENT' };
}

/** Of an epoch that the ledger has, with no reading from after its end, nor from after somebody in it was to go. */
async function faultOfEpoch(batch: Batch, { anchorage }: Court): Promise<Fault | undefined> {
  const present = await anchorage.circles.get(batch.patient);
  if (!present) return { code: 'NOT_FOUND' };
  if (isPresent(batch, present)) {
    const staleSince = await anchorage.seating.staleSince(present);
    return isAfter(batch, earliest(staleSince, present.seatsEnd)) ? stale : undefined;
  }
  const former = await anchorage.epochs.get(batch.patient, ...epochParts(batch));
  if (!former) return { code: 'NOT_FOUND' };
  return isAfter(batch, earliest(former.until, former.staleSince)) ? stale : undefined;
}
const stale: Fault = { code: 'STALE_KEY' };

function isAfter({ to }: Batch, end: string | undefined): boolean {
  return end !== undefined && Date.parse(to) > Date.parse(end) + epochGraceMs;
}

/** Each device has a seat, or had one when it measured, and is in standing now; each part follows what is anchored of its stream. */
async function faultOfStreams(batch: Batch, court: Court): Promise<Fault | undefined> {
  for (const part of batch.streams) {
    const code = (await faultOfDevice(batch, part, court)) ?? (await faultOfPart(batch, part, court));
    if (code) return { code, device: part.device };
  }
  return undefined;
}

async function faultOfDevice(batch: Batch, { device }: StreamPart, { anchorage }: Court): Promise<Fault['code']> {
  const { seating } = anchorage;
  const seat = await seating.seats.get(batch.patient, device);
  if (!seat || isAfter(batch, endOf(seat))) return 'NO_CONSENT';
  return (await seating.outSince(device, seat.institution)) === undefined ? undefined : 'SUSPENDED';
}

function endOf({ state, endedAt, until }: Seat): string | undefined {
  return state === 'ended' ? endedAt : until;
}

async function faultOfPart(
  { patient }: Batch,
  { device, stream, first }: StreamPart,
  { anchorage }: Court,
): Promise<Fault['code']> {
  const anchored = (await anchorage.heads.get(patient, device, stream))?.last ?? 0;
  if (first <= anchored) return 'ALREADY_EXISTS';
  return first === anchored + 1 ? undefined : 'WRONG_STATE';
}
