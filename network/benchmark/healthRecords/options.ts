import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StepError } from '../../step.ts';

const schema = z.object({
  /** Entries of the long part of the record. */
  entries: z.coerce.number().int().min(50).max(20_000).default(10_000),
  /** How often each is measured. */
  rounds: z.coerce.number().int().min(3).max(100).default(30),
  /** Entries of the Bundle that is imported. */
  import: z.coerce.number().int().min(20).max(10_000).default(3_000),
});
export type RecordOptions = z.infer<typeof schema>;

/** Reads the options of `npm run bench:records`. Throws a StepError that names each fault. */
export function parseOptions(args: string[]): RecordOptions {
  const advice = 'see docs/performance.md for the options.';
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args, options: { entries: text, rounds: text, import: text } });
    return schema.parse(values);
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new StepError(`The options are not understood:\n${message}`, { advice, cause: error });
  }
}
