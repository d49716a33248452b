import type { CirclesNote, DeviceStatus, FramesAnswer } from '#server/telemetry/gateway/protocol.ts';

export type CircleNote = CirclesNote['circles'][number];

/** What was refused of a packet; `at` is the time of the gateway's clock, told with refusals. */
export interface Sent {
  refused: FramesAnswer['refused'];
  at?: number;
}

/** A connection to a gateway. What it promises after it was lost it rejects. */
export interface Transport {
  /** Sends frames of a stream (hex), in order. Resolves once each is on the gateway's disk, was there before, or is refused. */
  send(stream: string, frames: readonly Uint8Array[]): Promise<Sent>;
  tell(status: DeviceStatus): Promise<void>;
  /** Resolves when the connection is over, for whatever reason. */
  over: Promise<void>;
  close(): void;
}

/** Opens a connection, and tells of all circles with a seat of the device whenever one of them changes. */
export type Connect = (noted: (circles: CircleNote[]) => void) => Promise<Transport>;

/** A gateway that cannot be reached, or answers something else. */
export class GatewayLost extends Error {
  override readonly name = 'GatewayLost';
}
