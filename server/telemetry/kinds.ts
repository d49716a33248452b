import { z } from 'zod';
import { circlePlace } from '#chaincode/model/circle.ts';
import { archiveTransientField, keyArchive, planPlace } from '#chaincode/model/telemetry.ts';
import { careCall, jsonArgument, jsonField, type Kinds } from '../transactions/kind.ts';

/** What a person may ask of the ledger of readings; each kind is called as the contract's function. */

export const telemetryIntents = [
  /** An epoch's key under the public key of the category `results`: the first who brings it counts. */
  z.object({ kind: z.literal('telemetry:archive'), place: circlePlace, archive: keyArchive }),
  /** A plan whose sealed block was uploaded before. */
  z.object({ kind: z.literal('telemetry:setPlan'), plan: planPlace }),
  /** The same plan under a later epoch's key. */
  z.object({ kind: z.literal('telemetry:resealPlan'), plan: planPlace }),
] as const;
export type TelemetryIntent = z.infer<(typeof telemetryIntents)[number]>;

const steps = ['sign', 'publish'] as const;

const ofPlan = {
  call: ({ kind, plan }: { kind: string; plan: z.infer<typeof planPlace> }) =>
    careCall(plan.patient, kind, [jsonArgument(plan)]),
  subject: ({ plan }: { plan: z.infer<typeof planPlace> }) => plan.cid,
  kept: ({ plan }: { plan: z.infer<typeof planPlace> }) => ({ plan }),
  steps,
} as const;

export const telemetryKinds: Kinds<TelemetryIntent> = {
  'telemetry:archive': {
    call: ({ kind, place, archive }) =>
      careCall(place.patient, kind, [jsonArgument(place)], { [archiveTransientField]: jsonField(archive) }),
    subject: ({ place }) => `${place.patient}/${place.generation}/${place.epoch}`,
    kept: ({ place }) => ({ place }),
    steps: ['sign'],
    secret: true,
  },
  'telemetry:setPlan': ofPlan,
  'telemetry:resealPlan': ofPlan,
};
