import type { Context } from 'fabric-contract-api';
import type { z } from 'zod';
import { LedgerError } from '../model/errors.ts';
import { maxJsonBytes, parseJson } from './arguments.ts';

/** A transient field of 1 to `maxBytes` bytes. Throws INVALID_ARGUMENT. */
export function transientField(ctx: Context, field: string, maxBytes: number): Buffer {
  const bytes = ctx.stub.getTransient().get(field);
  if (!bytes || bytes.length === 0 || bytes.length > maxBytes) {
    throw new LedgerError('INVALID_ARGUMENT', `transient field ${field}: from 1 to ${maxBytes} bytes`);
  }
  return Buffer.from(bytes);
}

/** A transient field as JSON of at most 16 KiB, or as many bytes as are said. Throws INVALID_ARGUMENT. */
export function transientJson<T>(ctx: Context, field: string, schema: z.ZodType<T>, maxBytes = maxJsonBytes): T {
  return parseJson(schema, transientField(ctx, field, maxBytes).toString('utf8'), field, maxBytes);
}
