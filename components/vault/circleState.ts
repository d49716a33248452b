import { type Circle, type CircleEpoch, isSeated, type Seat } from '#chaincode/model/circle.ts';
import { type Bytes, wipe } from '#crypto/bytes.ts';
import type { Member } from '#crypto/circle/member.ts';
import { type Authenticate, type Standing, standingAuthentication } from '#crypto/circle/standing.ts';
import { VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';

/** Somebody of a circle as registry and care channel judge now. */
export interface CircleSubject {
  /** `pt-…` (the patient, or who acts for the patient now), `prac-…` or `dev-…` */
  subject: string;
  /** `expired`: a practitioner whose licence does not cover this moment. */
  status: 'active' | 'suspended' | 'revoked' | 'expired';
  /** Hash of the one key that counts now; absent of who has none. */
  signingKeyHash?: string | undefined;
  certificates: string[];
}

/** A circle as the ledgers have it, which the page reads for the worker. */
export interface CircleSource {
  patient: string;
  /** Null before there is one. */
  circle: Circle | null;
  seats: Seat[];
  /** Epochs of the present generation that this browser has yet to follow, the present one not needed; none at first. */
  epochs: CircleEpoch[];
  subjects: CircleSubject[];
}

/** A circle in which this browser is a leaf, or is about to be. */
export interface OpenCircle {
  member: Member;
  /** As last read: whoever is judged is judged by it. */
  source: CircleSource;
}

/** Circles of an open vault, by patient; wiped with it. */
export interface CircleState {
  open: Map<string, OpenCircle>;
  /** Keys that archives gave, of epochs in which this browser was not, by patient, generation and epoch. */
  archived: Map<string, Bytes>;
}

export const emptyCircles = (): CircleState => ({ open: new Map(), archived: new Map() });

export const epochKeyName = (patient: string, generation: number, epoch: number) => `${patient}/${generation}/${epoch}`;

/** Wipes all keys; what the browser keeps sealed of its leaves stays. */
export function wipeCircles({ open, archived }: CircleState): void {
  for (const { member } of open.values()) void member.close();
  wipe(...archived.values());
  open.clear();
  archived.clear();
}

/** A circle that was entered. Throws `NOT_OPENED`. */
export function enteredCircle({ circles }: OpenState, patient: string): OpenCircle {
  const entered = circles.open.get(patient);
  if (entered === undefined) throw new VaultError('NOT_OPENED', 'This browser is not in the circle.');
  return entered;
}

/** Owners are the patient and representatives: they take part by their own pseudonym, without a seat. */
export const isOwner = (subject: string) => subject.startsWith('pt-');

/** The authentication service over what was read last; `source` is asked at each judgement. */
export function authenticationBy(state: OpenState, source: () => CircleSource): Authenticate {
  return standingAuthentication({ roots: state.roots, standingOf: async (subject) => standingIn(source(), subject) });
}

/** A licence that covers no moment: whoever has it may not practise. */
const ended = { validFrom: '1970-01-01T00:00:00.000Z', validTo: '1970-01-01T00:00:00.000Z' };

function standingIn({ subjects, seats }: CircleSource, subject: string): Standing | undefined {
  const known = subjects.find((one) => one.subject === subject);
  if (known?.signingKeyHash === undefined) return undefined;
  const { status, signingKeyHash } = known;
  return {
    signingKeyHash,
    active: status === 'active' || status === 'expired',
    ...(status === 'expired' && { licence: ended }),
    seat: isOwner(subject) ? 'owner' : seatOf(seats, subject),
  };
}

function seatOf(seats: readonly Seat[], subject: string): { until?: string } | undefined {
  const seat = seats.find((one) => one.subject === subject);
  if (!isSeated(seat, new Date())) return undefined;
  return seat.until === undefined ? {} : { until: seat.until };
}
