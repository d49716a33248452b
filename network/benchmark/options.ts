import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StepError } from '../step.ts';

const schema = z.object({
  ledger: z.enum(['devnet', 'fabric', 'both']).default('both'),
  /** How long each round sends. */
  seconds: z.coerce.number().min(2).max(120).default(10),
  /** Transactions a second for each chain in scenario 1. */
  offered: z.coerce.number().min(1).max(500).default(15),
  /** Numbers of care chains that are measured one after the other. */
  chains: z
    .string()
    .default('1,2,4,8')
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.int().min(1).max(8)).max(8)),
});
export type ParallelOptions = z.infer<typeof schema>;

/** Reads the options of `npm run bench:parallel`. Throws a StepError that names each fault. */
export function parseOptions(args: string[]): ParallelOptions {
  const advice = 'see docs/performance.md for the options.';
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args, options: { ledger: text, seconds: text, offered: text, chains: text } });
    return schema.parse(values);
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new StepError(`The options are not understood:\n${message}`, { advice, cause: error });
  }
}
