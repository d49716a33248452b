import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StepError } from '../../step.ts';

const schema = z.object({
  /** How long each load lasts. */
  seconds: z.coerce.number().min(5).max(3_600).default(60),
  /** Devices that send. */
  devices: z.coerce.number().int().min(15).max(5_000).default(990),
  /** Readings of one frame. */
  readings: z.coerce.number().int().min(1).max(2_000).default(120),
  /** Devices that send at the same moment when it goes as fast as it can. */
  inFlight: z.coerce.number().int().min(1).max(1_000).default(32),
  /** Connections that are held at once, each number by itself; 0 leaves them out. */
  connections: z
    .string()
    .default('1000,10000')
    .transform((text) =>
      text
        .split(',')
        .map(Number)
        .filter((count) => count > 0),
    )
    .pipe(z.array(z.int().max(20_000))),
  /** Alerts whose way is timed. */
  alerts: z.coerce.number().int().min(5).max(1_000).default(50),
  /** How often a year is read, and a proof checked. */
  rounds: z.coerce.number().int().min(5).max(10_000).default(100),
});
export type TelemetryOptions = z.infer<typeof schema>;

const soakSchema = z.object({
  /** Readings a second of all devices of the load. */
  rate: z.coerce.number().min(10).max(20_000).default(1_000),
  /** Devices of the load. */
  devices: z.coerce.number().int().min(15).max(1_000).default(60),
  /** Readings of one frame of theirs. */
  readings: z.coerce.number().int().min(1).max(2_000).default(20),
});
export type SoakOptions = z.infer<typeof soakSchema>;

const text = { type: 'string' } as const;

/** Reads the options of `npm run bench:telemetry`. Throws a StepError that names each fault. */
export function parseOptions(args: string[]): TelemetryOptions {
  const options = {
    ...{ seconds: text, devices: text, readings: text, 'in-flight': text },
    ...{ connections: text, alerts: text, rounds: text },
  };
  return understood(() => {
    const { 'in-flight': inFlight, ...values } = parseArgs({ args, options }).values;
    return schema.parse({ ...values, ...(inFlight !== undefined && { inFlight }) });
  });
}

/** The same of `npm run soak:telemetry`. */
export function parseSoakOptions(args: string[]): SoakOptions {
  const options = { rate: text, devices: text, readings: text };
  return understood(() => soakSchema.parse(parseArgs({ args, options }).values));
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    const advice = 'see docs/performance.md for the options.';
    throw new StepError(`The options are not understood:\n${message}`, { advice, cause: error });
  }
}
