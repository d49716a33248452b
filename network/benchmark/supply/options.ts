import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StepError } from '../../step.ts';

const schema = z.object({
  /** Events in the read model. */
  events: z.coerce.number().int().min(1_000).max(10_000_000).default(1_000_000),
  /** How often the dashboard is read; stories three times as often. */
  rounds: z.coerce.number().int().min(5).max(10_000).default(100),
  /** How often a pack is verified and an alert is raised in the browser. */
  pages: z.coerce.number().int().min(3).max(1_000).default(50),
  /** `model`: the read model alone; `network`: all but that. */
  part: z.enum(['all', 'model', 'network']).default('all'),
});
export type TraceOptions = z.infer<typeof schema>;

/** Reads the options of `npm run bench:trace`. Throws a StepError that names each fault. */
export function parseOptions(args: string[]): TraceOptions {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args, options: { events: text, rounds: text, pages: text, part: text } });
    return schema.parse(values);
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    const advice = 'see docs/performance.md for the options.';
    throw new StepError(`The options are not understood:\n${message}`, { advice, cause: error });
  }
}
