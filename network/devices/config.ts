import { readFileSync } from 'node:fs';
import { z } from 'zod';

const fleetConfig = z.object({
  /** Settings of the portal, as its process gets them. */
  settings: z.record(z.string(), z.string()),
  /** Profile of the connector, whose registrars nothing is asked of but which the office opens with the portal. */
  connectorProfile: z.string(),
  /** Where each device has its folder. */
  folder: z.string(),
  /** How devices reach the gateway. */
  gateway: z.object({ mqtt: z.string(), https: z.string(), ca: z.string() }),
  /** The hospital's monitor, which some patients let into their circles; left out, none does. */
  monitor: z.string().optional(),
  /** Of the processes that the fleet starts for a while. */
  logFile: z.string(),
  /** Where the fleet takes commands, on the loopback; 0 takes a free port. */
  controlPort: z.int(),
});
/** What the fleet's processes are told; it holds secrets. */
export type FleetConfig = z.infer<typeof fleetConfig>;

/** Reads the file that the command line names. */
export const readConfig = (file: string | undefined): FleetConfig =>
  fleetConfig.parse(JSON.parse(readFileSync(file ?? '', 'utf8')));
