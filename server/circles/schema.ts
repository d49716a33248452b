import { z } from 'zod';
import type { SeatKind } from '#chaincode/model/circle.ts';
import { hex32, patientPseudonym } from '#chaincode/model/identifiers.ts';
import { registryStatuses } from '#chaincode/model/registry.ts';

export const ofPatient = z.object({ patient: patientPseudonym });

/** Somebody in a patient's circle, as its members are shown them. */
export interface SeatView {
  /** `dev-…` or `prac-…` */
  subject: string;
  kind: SeatKind;
  state: 'active' | 'ended';
  /** ISO 8601 */
  since: string;
  until?: string;
  endedAt?: string;
  /** Of a doctor. */
  name?: string;
  institution?: { id: string; name: string };
  /** Of a device: its model, status on `registry`, and what the gateway has seen of it. */
  device?: DeviceView;
}

/** A device as its institution and the patient's circle see it. */
export interface DeviceView {
  id: string;
  model: string;
  purpose: string;
  status: string;
  institutionId: string;
  /** ISO 8601; absent of one that has never been here. */
  lastSeen?: string;
  /** From 0 to 1. */
  battery?: number;
  firmware?: string;
  /** Frames that wait on the device. */
  pending?: number;
  /** By how many ms its clock was ahead when it was last seen. */
  skewMs?: number;
  skewed: number;
  frames: number;
  readings: number;
  /** What was refused of it, by code. */
  refusals: { code: string; count: number; at: string }[];
}

/** A device that a patient may add, or an institution take over. */
export interface OfferedDevice {
  id: string;
  model: string;
  purpose: string;
  /** Name of the institution that has it. */
  institution: string;
}

/** A patient's circle as the portal follows it; members ask the ledger for what counts. */
export interface CircleFacts {
  patient: { pseudonym: string; name?: string };
  /** Absent where there is none yet. */
  place?: { generation: number; epoch: number; leaves: number; since: string; staleSince?: string };
  planVersion: number;
  seats: SeatView[];
}

/** Somebody of a circle, as the authentication service judges a leaf's credential. */
export const circleSubject = z.strictObject({
  /** `pt-…` (the patient, and who acts for the patient now), `prac-…` or `dev-…`. */
  subject: z.string(),
  /** Of the registry or the care channel. `expired`: a practitioner whose licence does not cover this moment. */
  status: z.enum([...registryStatuses, 'expired']),
  /** Hash of the one key that counts now; absent of who has none. */
  signingKeyHash: hex32.optional(),
  /** Every certificate that is known here, newest first. */
  certificates: z.array(z.string()),
});
export type CircleSubject = z.infer<typeof circleSubject>;
