import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StepError } from '../../step.ts';

const schema = z.object({
  /** Claims of the reconciliation. */
  claims: z.coerce.number().int().min(30).max(20_000).default(5_000),
  /** Questions before serving. */
  questions: z.coerce.number().int().min(3).max(110).default(100),
  /** Claims that go their way one at a time. */
  alone: z.coerce.number().int().min(3).max(60).default(20),
  /** Claims that go it together. */
  together: z.coerce.number().int().min(4).max(120).default(100),
  part: z.enum(['all', 'path', 'gas', 'reconcile']).default('all'),
  seed: z.coerce.number().int().default(1),
});
export type ClaimsOptions = z.infer<typeof schema>;

/** Reads the options of `npm run bench:claims`. Throws a StepError that names each fault. */
export function parseOptions(args: string[]): ClaimsOptions {
  try {
    const text = { type: 'string' } as const;
    const options = { claims: text, questions: text, alone: text, together: text, part: text, seed: text };
    return schema.parse(parseArgs({ args, options }).values);
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    const advice = 'see docs/performance.md for the options.';
    throw new StepError(`The options are not understood:\n${message}`, { advice, cause: error });
  }
}
