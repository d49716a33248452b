import { z } from 'zod';
import { cid, deviceId, hex16, hex32, institutionId, patientPseudonym, practitionerId } from './identifiers.ts';

/**
 * A patient's circle: whom the patient lets take part (seats), and the group of Messaging Layer Security (RFC 9420) in which
 * their browsers and devices (leaves) agree on keys. Public by pseudonym: whoever commits signs with a certificate anyway.
 */

export const mostSeats = 16;
export const mostLeaves = 32;
/** So many browsers one subject has in a circle. */
export const mostLeavesOfOne = 8;

/** `device`: a sensor or hub at the patient's. `monitor`: an institution's watcher. `clinician`: a doctor. */
export const seatKinds = ['device', 'monitor', 'clinician'] as const;
export const seatKind = z.enum(seatKinds);
export type SeatKind = (typeof seatKinds)[number];
export const seatStates = ['active', 'ended'] as const;

const version = z.int().positive();
const instant = z.iso.datetime();

/** Who can have a seat. The patient and representatives take part without one. */
export const seatSubject = z.union([deviceId, practitionerId]);
/** Whose a leaf is: of somebody with a seat, or of an owner by the own pseudonym. */
export const memberId = z.union([deviceId, practitionerId, patientPseudonym]);

/** Argument of `circles:seat`. */
export const newSeat = z.strictObject({
  patient: patientPseudonym,
  subject: seatSubject,
  /** When it ends by itself. */
  until: instant.optional(),
});
export type NewSeat = z.infer<typeof newSeat>;

/** The patient's consent that a subject takes part. */
export const seat = newSeat.extend({
  kind: seatKind,
  /** The subject's when the seat was given; a device that another institution has taken over needs a new seat. */
  institution: institutionId,
  state: z.enum(seatStates),
  since: instant,
  endedAt: instant.optional(),
  /** Pseudonym of the owner who gave it or, of one that has ended, who ended it: an owner or the subject. */
  by: memberId,
  version,
});
export type Seat = z.infer<typeof seat>;

/** A seat that is in force at the instant `at`, by what it says itself. */
export function isSeated(given: Seat | undefined, at: Date): given is Seat & { state: 'active' } {
  return given?.state === 'active' && (given.until === undefined || at.getTime() < Date.parse(given.until));
}

/** One browser or device of a subject, as a commit adds it. */
export const newLeaf = z.strictObject({
  /** 16 random bytes, hex: the leaf's name in its credential. */
  leaf: hex16,
  subject: memberId,
  /** Hex SHA-256 of the leaf's raw Ed25519 key. */
  keyHash: hex32,
});
export type NewLeaf = z.infer<typeof newLeaf>;
/** With what the ledger knows of who added it. */
export const leaf = newLeaf.extend({
  /** Of the key that signed the transaction: a leaf goes with it. */
  signingKeyHash: hex32,
  /** Of a device or practitioner. */
  institution: institutionId.optional(),
});
export type Leaf = z.infer<typeof leaf>;

/** Where an epoch stands in the order of commits. */
const place = {
  patient: patientPseudonym,
  /** Rises by one when an owner begins the group anew. */
  generation: version,
  /** RFC 9420's; a generation begins with 0. */
  epoch: z.int().nonnegative(),
};
export const circlePlace = z.strictObject(place);
export type CirclePlace = z.infer<typeof circlePlace>;

const committed = {
  ...place,
  /** IPFS block, dag-cbor `{v: 1, commit: bytes | null, groupInfo: bytes}`, and the hex SHA-256 of its bytes. */
  cid,
  contentHash: hex32,
  /** Hex SHA-256 of `medloom/circle/key/v1` and the epoch's exported key. */
  keyCommitment: hex32,
};

/** Argument of `circles:commit`. */
export const newCommit = z.strictObject({
  ...committed,
  added: z.array(newLeaf).max(1),
  /** Names of leaves. */
  removed: z.array(hex16).max(mostLeaves),
});
export type NewCommit = z.infer<typeof newCommit>;

/** The present epoch of a patient's circle. */
export const circle = z.strictObject({
  ...committed,
  leaves: z.array(leaf).min(1).max(mostLeaves),
  since: instant,
  by: memberId,
  /** From when a leaf has been in it whose subject may not be: nothing is sealed any more. `circles:read` says so of suspensions too. */
  staleSince: instant.optional(),
  /** When the first seat or representation of its leaves ends by itself; from then on it is as stale. */
  seatsEnd: instant.optional(),
  version,
});
export type Circle = z.infer<typeof circle>;

/** An epoch that is or was. */
export const circleEpoch = z.strictObject({
  ...committed,
  since: instant,
  /** When the next one began. */
  until: instant.optional(),
  /** Said when it is over, where it became stale before. */
  staleSince: instant.optional(),
  by: memberId,
});
export type CircleEpoch = z.infer<typeof circleEpoch>;

/** From when a circle's present epoch is stale by what it says itself; a suspension of a leaf's subject makes it so too. */
export function staleFrom({ staleSince, seatsEnd }: Pick<Circle, 'staleSince' | 'seatsEnd'>): string | undefined {
  return earliest(staleSince, seatsEnd);
}

/** Whether nothing may be sealed under a circle's present epoch at an instant. */
export function isStale(of: Pick<Circle, 'staleSince' | 'seatsEnd'>, at: Date): boolean {
  const from = staleFrom(of);
  return from !== undefined && Date.parse(from) <= at.getTime();
}

export function earliest(...instants: (string | undefined)[]): string | undefined {
  return instants.reduce((first, one) => {
    if (first === undefined || one === undefined) return first ?? one;
    return Date.parse(one) < Date.parse(first) ? one : first;
  }, undefined);
}

/** What `circles:read` answers. */
export const circleView = z.strictObject({ circle: circle.optional(), seats: z.array(seat) });
export type CircleView = z.infer<typeof circleView>;
