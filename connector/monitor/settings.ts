import { z } from 'zod';
import { deviceId } from '#chaincode/model/identifiers.ts';
import { levels } from '../log.ts';

const settings = z.object({
  CONNECTOR_PROFILE: z.string().min(1),
  /** The organisation of the institution, and its device of purpose `monitor`, whose keys come from the systems' seed. */
  MONITOR_MSP: z.string().min(1),
  MONITOR_DEVICE: deviceId,
  /** Folder for what must outlive a restart: the monitor's part of each circle. Secret. */
  MONITOR_STATE: z.string().min(1),
  TELEMETRY_GATEWAY_URL: z.url({ protocol: /^https$/ }),
  /** PEM file with the authority of the gateway's certificate. */
  TELEMETRY_GATEWAY_CA: z.string().min(1),
  /** How often it looks, in milliseconds. */
  MONITOR_EVERY_MS: z.coerce.number().int().min(500).max(60_000).default(5_000),
  LOG_LEVEL: z.enum(levels).default('info'),
});
export type MonitorSettings = z.infer<typeof settings>;

/** Reads the settings; throws one error that names every one that is missing or wrong, without its value. */
export function readMonitorSettings(source: Record<string, string | undefined>): MonitorSettings {
  const parsed = settings.safeParse(source);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The monitor's settings are incomplete.\n${faults.join('\n')}`);
}
