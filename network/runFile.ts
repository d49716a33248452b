import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** The demonstration's people with their sign-in. */
export const runPeople = z.array(
  z.object({
    role: z.string(),
    name: z.string(),
    email: z.string(),
    password: z.string(),
    /** Signing PIN. */
    pin: z.string().optional(),
    institution: z.string(),
  }),
);

const runFile = z.object({
  startedAt: z.string(),
  startSeconds: z.number(),
  /** Memory of all processes when the start had ended, in MB. */
  rssMb: z.number(),
  mode: z.enum(['start', 'dev']),
  stateDir: z.string(),
  urls: z.object({
    portal: z.string(),
    ipfs: z.string(),
    ethereum: z.string(),
    connector: z.string(),
    database: z.string(),
  }),
  /** How devices reach the telemetry gateway: addresses, and the PEM file of the authority of its certificate. */
  telemetry: z.object({
    mqtt: z.string(),
    https: z.string(),
    health: z.string(),
    caFile: z.string(),
    device: z.string(),
    /** The hospital's monitor, which patients may let into their circles. */
    monitor: z.string(),
  }),
  /** The FHIR interface for institutions' software, with the example client's settings; absent without the demonstration. */
  fhir: z
    .object({
      bases: z.record(z.string(), z.string()),
      clientId: z.string(),
      scope: z.string(),
      keyFile: z.string(),
      exampleFile: z.string(),
    })
    .optional(),
  /** Where the simulated devices take commands (`network/devices/control.ts`); absent where there are none. */
  fleet: z.string().optional(),
  ledgerProfile: z.string(),
  connectorProfile: z.string(),
  prescriptionToken: z.string(),
  /** The settings that the portal was started with. */
  portalEnv: z.record(z.string(), z.string()),
  processes: z.array(z.object({ name: z.string(), pid: z.number(), logFile: z.string() })),
  /** Empty where the demonstration was left out. */
  people: runPeople,
  /** A link with which an invited person enrols. */
  invitation: z.string().optional(),
});

/**
 * What `<state>/run.json` says while a network is up, for tests and benchmarks. It is written anew when a process was
 * started again. It holds secrets: only its owner can read it.
 */
export type RunFile = z.infer<typeof runFile>;

/** Reads the run file of a network that is up. Throws where there is none or it is not one. */
export function readRunFile(file: string): RunFile {
  return runFile.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function writeRunFile(file: string, run: RunFile): void {
  writePrivateJson(`${file}.new`, run);
  renameSync(`${file}.new`, file);
}

/** Writes JSON that holds secrets or names files with them: for the owner only. */
export function writePrivateJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}
