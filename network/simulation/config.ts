import { readFileSync } from 'node:fs';
import { z } from 'zod';

const simulationConfig = z.object({
  /** Settings of the portal, as its process gets them. */
  settings: z.record(z.string(), z.string()),
  /** Profile of the connector, whose registrars admit institutions. */
  connectorProfile: z.string(),
  /** Where is kept how far the simulation came. */
  file: z.string(),
  /** Of the processes that it starts for a while. */
  logFile: z.string(),
});
/** What the simulation's processes are told; it holds secrets. */
export type SimulationConfig = z.infer<typeof simulationConfig>;

/** Reads the file that the command line names. */
export const readConfig = (file: string | undefined): SimulationConfig =>
  simulationConfig.parse(JSON.parse(readFileSync(file ?? '', 'utf8')));

/** The demonstration's world is always the same. */
export const demonstrationSeed = 1;
/** So many days are there when it begins: the authority's pages show thirty, which the first deliveries would outshine. */
export const historyDays = 34;
