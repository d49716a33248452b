import { z } from 'zod';
import { deviceId } from '#chaincode/model/identifiers.ts';

const port = z.coerce.number().int().min(0).max(65_535).default(0);
const count = (value: number) => z.coerce.number().int().positive().default(value);

const settings = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address'),
  LEDGER_PROFILE: z.string().min(1),
  IPFS_API_URL: z.url(),
  CONNECTOR_URL: z.url(),
  CONNECTOR_TOKEN: z.string().min(24),
  /** The device of purpose `gateway` in whose name the connector of `TELEMETRY_MSP` anchors. */
  TELEMETRY_DEVICE: deviceId,
  TELEMETRY_MSP: z.string().min(1),
  /** What the gateway shows to devices: a PEM file with its certificate, and one with the key. */
  TELEMETRY_TLS_CERT: z.string().min(1),
  TELEMETRY_TLS_KEY: z.string().min(1),
  /** The roots of the organisations whose devices may connect, PEM files divided by commas. */
  TELEMETRY_CAS: z
    .string()
    .min(1)
    .transform((files) => files.split(',')),
  /** Address to listen on; the loopback alone unless told otherwise. */
  TELEMETRY_HOST: z.string().default('127.0.0.1'),
  /** 0 takes a free port. */
  TELEMETRY_MQTT_PORT: port,
  TELEMETRY_HTTPS_PORT: port,
  /** Health and figures, on the loopback alone. */
  TELEMETRY_HEALTH_PORT: port,
  /** Another broker (`mqtts://…`) instead of the embedded one: it knows who is connected, the gateway checks each frame's signature. */
  MQTT_URL: z.url({ protocol: /^mqtts?$/ }).optional(),
  /** PEM file of the authority of that broker's certificate; the system's own where it is left out. */
  MQTT_CA: z.string().optional(),
  /** How often what came is put in batches and anchored. */
  TELEMETRY_BATCH_MS: count(10_000),
  /** Frames that may wait for the ledger; beyond that acknowledgements wait. */
  TELEMETRY_MOST_WAITING: count(200_000),
  /** Frames and bytes a second of one device, in the long run; ten times as much at once. */
  TELEMETRY_FRAMES_PER_SECOND: count(20),
  TELEMETRY_BYTES_PER_SECOND: count(128 * 1024),
  /** How long the sealed readings of an anchored batch stay in the database, in hours; hours, days and alerts stay for good. */
  TELEMETRY_KEPT_HOURS: count(48),
});

export type GatewaySettings = z.infer<typeof settings>;

/** Reads the settings. Throws one error that names every one that is missing or wrong, without its value. */
export function readGatewaySettings(source: Record<string, string | undefined>): GatewaySettings {
  const parsed = settings.safeParse(source);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The telemetry gateway's settings are not usable:\n  ${faults.join('\n  ')}`);
}
