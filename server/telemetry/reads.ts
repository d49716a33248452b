import { z } from 'zod';
import { accessId } from '#chaincode/model/access.ts';
import { deviceId, hex8, patientPseudonym } from '#chaincode/model/identifiers.ts';
import { batchId } from '#chaincode/model/telemetry.ts';
import { careCall, type Reads } from '../transactions/kind.ts';
import { page } from '../transactions/page.ts';

/** What the ledger tells of readings, asked with the person's own key so that no portal need be believed. */
export const telemetryReads = [
  /** Answers `StoredArchive[]` of a generation from an epoch on: to the owner, or by an access that has `results`. */
  z.object({
    kind: z.literal('telemetry:readArchives'),
    patient: patientPseudonym,
    generation: z.int().positive(),
    from: z.int().nonnegative(),
    access: accessId.optional(),
  }),
  /** Answers a `Plan`. */
  z.object({ kind: z.literal('telemetry:readPlan'), patient: patientPseudonym }),
  /** Answers a `StoredBatch`. */
  z.object({ kind: z.literal('telemetry:readBatch'), id: batchId }),
  /** Answers a page of `StoredBatch`. */
  z.object({ kind: z.literal('telemetry:listBatches'), patient: patientPseudonym, ...page }),
  /** Answers a `StreamHead`. */
  z.object({ kind: z.literal('telemetry:readStream'), patient: patientPseudonym, device: deviceId, stream: hex8 }),
] as const;
export type TelemetryRead = z.infer<(typeof telemetryReads)[number]>;

const read = { contract: 'care', roles: ['patient', 'doctor'] } as const;

export const telemetryReadings: Reads<TelemetryRead> = {
  'telemetry:readArchives': {
    contract: 'care',
    // A pharmacist has an access, too.
    roles: ['patient', 'doctor', 'pharmacist'],
    call: ({ kind, patient, generation, from, access = '' }) =>
      careCall(patient, kind, [patient, String(generation), String(from), access]),
  },
  'telemetry:readPlan': { ...read, call: ({ kind, patient }) => careCall(patient, kind, [patient]) },
  'telemetry:readBatch': { ...read, call: ({ kind, id }) => careCall(id, kind, [id]) },
  'telemetry:listBatches': {
    ...read,
    call: ({ kind, patient, pageSize, bookmark }) => careCall(patient, kind, [patient, String(pageSize), bookmark]),
  },
  'telemetry:readStream': {
    ...read,
    call: ({ kind, patient, device, stream }) => careCall(patient, kind, [patient, device, stream]),
  },
};
