import { z } from 'zod';
import { alertId, mostAlerts, newAlert } from '#chaincode/model/alert.ts';
import { deviceId, patientPseudonym } from '#chaincode/model/identifiers.ts';
import { batch, mostBatches } from '#chaincode/model/telemetry.ts';

const system = { mspId: z.string().max(64), system: deviceId };

/** Body of `POST /systems`: a partner's system that is to be registered as a device. */
export const newSystem = z.object({ ...system, institutionId: z.string().max(64) });
export type NewSystem = z.infer<typeof newSystem>;

/** The longest body of `POST /captures`, in bytes. */
export const captureLimit = 16 * 1024 * 1024;

/** Body of `POST /captures`. */
export const captureRequest = z.object({
  ...system,
  /** `rollback`: nothing is submitted to any channel unless every event of every part would be accepted. */
  mode: z.enum(['rollback', 'proceed']),
  parts: z
    .array(
      z.object({
        channel: z.string().regex(/^supply-[0-9]{1,4}$/),
        /** EPCIS events as JSON, a list of 1 to 500; the contract reads them. */
        events: z.string().min(2).max(2_100_000),
      }),
    )
    .min(1)
    .max(32),
});
export type CaptureRequest = z.infer<typeof captureRequest>;

const careChannel = z.string().regex(/^care-(?:0|[1-9][0-9]{0,3})$/);

/** The longest body of `POST /anchors`, in bytes. */
export const anchorLimit = 2 * 1024 * 1024;

/** Body of `POST /anchors`: batches of readings of one channel, in the name of a telemetry gateway. */
export const anchorRequest = z.object({
  ...system,
  channel: careChannel,
  batches: z.array(batch).min(1).max(mostBatches),
});
export type AnchorRequest = z.infer<typeof anchorRequest>;

/** Body of `POST /alerts`: alerts of one channel that a telemetry gateway brings, and those that nobody has acknowledged in time. */
export const alertRequest = z.object({
  ...system,
  channel: careChannel,
  raise: z.array(newAlert).max(mostAlerts),
  escalate: z.array(alertId).max(mostAlerts),
});
export type AlertRequest = z.infer<typeof alertRequest>;

/** Body of `POST /archive-keys`. */
export const archiveKeyRequest = z.object({ ...system, patient: patientPseudonym });
export type ArchiveKeyRequest = z.infer<typeof archiveKeyRequest>;
