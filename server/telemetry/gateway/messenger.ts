/** Brings something to a device by MQTT; a retained message waits for a device that is away. */
export interface Messenger {
  publish(topic: string, payload: string, options: { retain: boolean }): Promise<void>;
  /** Devices that are connected now, where that is known here. */
  readonly connected: number;
  /** Ends the connection of a device that may be here no longer, where it is here. */
  dismiss(device: string, reason: string): void;
  close(): Promise<void>;
}

/** What MQTT 5 says of why a server ends a connection (section 3.14.2.1). */
export const reasons = {
  notAuthorised: 0x87,
  /** More packets at once than the server said that it takes. */
  tooMany: 0x93,
  packetTooLarge: 0x95,
  tooFast: 0x96,
} as const;
