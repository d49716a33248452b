import { z } from 'zod';
import { type deviceId, hex8, patientPseudonym } from '#chaincode/model/identifiers.ts';

/** A frame that the gateway did not take, nor any later one of its stream. */
export const refusal = z.object({ stream: hex8, number: z.int(), code: z.string().max(64) });
export type Refusal = z.infer<typeof refusal>;

/** What the gateway tells a device of a circle in which it has a seat. */
export const circleNote = z.object({
  patient: patientPseudonym,
  generation: z.int().nonnegative(),
  epoch: z.int().nonnegative(),
  /** Nothing more is sealed under this epoch. */
  stale: z.boolean(),
  planVersion: z.int().nonnegative(),
});
export type CircleNote = z.infer<typeof circleNote>;

/** What a device says of itself. */
export const deviceStatus = z.object({
  /** 0 to 1; absent where it has none. */
  battery: z.number().min(0).max(1).optional(),
  firmware: z.string().max(64),
  /** ISO 8601, by its own clock. */
  at: z.iso.datetime(),
  /** Frames that wait to be sent. */
  pending: z.int().nonnegative(),
});
export type DeviceStatus = z.infer<typeof deviceStatus>;

/** A connection to a gateway. What it promises after it was lost it rejects. */
export interface Transport {
  /** Sends frames of a stream (hex). Resolves once each is on the gateway's disk, was there before, or is refused. */
  send(stream: string, frames: readonly Uint8Array[]): Promise<Refusal[]>;
  tell(status: DeviceStatus): Promise<void>;
  /** Resolves when the connection is over, for whatever reason. */
  over: Promise<void>;
  close(): void;
}

/** Opens a connection, and tells of circles while it lasts. */
export type Connect = (noted: (note: CircleNote) => void) => Promise<Transport>;

/** Topics, which begin with the device's id. */
export const topicOf = (device: z.infer<typeof deviceId>, name: 'frames' | 'status' | 'circle' | 'refused') =>
  `v1/${device}/${name}`;

/** A gateway that cannot be reached, or answered something else. */
export class GatewayLost extends Error {
  override readonly name = 'GatewayLost';
}
