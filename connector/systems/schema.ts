import { z } from 'zod';
import { deviceId } from '#chaincode/model/identifiers.ts';

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
