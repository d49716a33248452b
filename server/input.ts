import type { z } from 'zod';
import { AppError } from './errors.ts';

/** What somebody sent, in the shape that a service takes. Throws INVALID_INPUT, which names the fields and not their content. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  // Paths only: what was entered may be personal.
  const fields = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || '(all)'))];
  throw new AppError('INVALID_INPUT', fields.join(', '), {
    message: `Something that was entered is not valid: ${fields.join(', ')}.`,
  });
}
