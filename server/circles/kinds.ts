import { z } from 'zod';
import { newCommit, newSeat, seatSubject } from '#chaincode/model/circle.ts';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';
import { assertion } from '#chaincode/model/secondFactor.ts';
import { careCall, confirmed, jsonArgument, type Kinds } from '../transactions/kind.ts';

/** What a person may ask of a patient's circle; each kind is called as the contract's function. */

export const circleIntents = [
  /** The patient's consent that a device, a monitor or a doctor takes part. */
  z.object({ kind: z.literal('circles:seat'), seat: newSeat, assertion: assertion.optional() }),
  z.object({ kind: z.literal('circles:unseat'), patient: patientPseudonym, subject: seatSubject }),
  /** The next epoch, or the first of a generation; its block was uploaded before (`PUT /api/telemetry/blocks`). */
  z.object({ kind: z.literal('circles:commit'), commit: newCommit }),
] as const;
export type CircleIntent = z.infer<(typeof circleIntents)[number]>;

const steps = ['sign', 'publish'] as const;

export const circleKinds: Kinds<CircleIntent> = {
  'circles:seat': {
    call: ({ kind, seat, assertion }) => confirmed(careCall(seat.patient, kind, [jsonArgument(seat)]), assertion),
    subject: ({ seat }) => `${seat.patient}/${seat.subject}`,
    kept: ({ seat }) => ({ seat }),
    steps,
    secondFactor: () => 'always',
  },
  'circles:unseat': {
    call: ({ kind, patient, subject }) => careCall(patient, kind, [patient, subject]),
    subject: ({ patient, subject }) => `${patient}/${subject}`,
    kept: ({ patient, subject }) => ({ patient, subject }),
    steps,
  },
  'circles:commit': {
    call: ({ kind, commit }) => careCall(commit.patient, kind, [jsonArgument(commit)]),
    // One who lost the race for an epoch tries the next one with another block.
    subject: ({ commit }) => commit.cid,
    kept: ({ commit }) => ({ commit }),
    steps,
  },
};
