import { z } from 'zod';
import { memberId } from '#chaincode/model/circle.ts';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';
import { careCall, type Reads } from '../transactions/kind.ts';
import { page } from '../transactions/page.ts';

/** What the ledger tells of circles, asked with the person's own key so that no portal need be believed. */
export const circleReads = [
  /** Answers a `CircleView`. */
  z.object({ kind: z.literal('circles:read'), patient: patientPseudonym }),
  /** Answers `CircleEpoch[]` of a generation, from `from` on. */
  z.object({
    kind: z.literal('circles:readEpochs'),
    patient: patientPseudonym,
    generation: z.int().positive(),
    from: z.int().nonnegative(),
    pageSize: page.pageSize,
  }),
  /** Answers a page of `Seat`. */
  z.object({
    kind: z.literal('circles:listSeatsOf'),
    /** Names the channel. */
    channel: z.string().regex(/^care-(?:0|[1-9][0-9]{0,3})$/),
    subject: memberId,
    ...page,
  }),
] as const;
export type CircleRead = z.infer<(typeof circleReads)[number]>;

const read = { contract: 'care', roles: ['patient', 'doctor'] } as const;

export const circleReadings: Reads<CircleRead> = {
  'circles:read': { ...read, call: ({ kind, patient }) => careCall(patient, kind, [patient]) },
  'circles:readEpochs': {
    ...read,
    call: ({ kind, patient, generation, from, pageSize }) =>
      careCall(patient, kind, [patient, String(generation), String(from), String(pageSize)]),
  },
  'circles:listSeatsOf': {
    ...read,
    call: ({ kind, channel, subject, pageSize, bookmark }) => ({
      ...{ channel, contract: 'care', function: kind },
      ...{ args: [subject, String(pageSize), bookmark], transient: {} },
    }),
  },
};
