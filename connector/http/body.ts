import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { ConnectorError } from '../errors.ts';

export const bodyLimit = 64 * 1024;

/** Reads at most 64 KiB, or `limit` bytes, and parses them as JSON of the given shape. Throws BODY_TOO_LARGE or INVALID_ARGUMENT. */
export async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>, limit = bodyLimit): Promise<T> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new ConnectorError('INVALID_ARGUMENT', 'the body is not bytes');
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  let json: unknown;
  try {
    json = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new ConnectorError('INVALID_ARGUMENT', 'the body is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new ConnectorError('INVALID_ARGUMENT', where.join('; ').slice(0, 1000));
}

function tooLarge(limit: number): ConnectorError {
  return new ConnectorError('BODY_TOO_LARGE', `the body may have ${limit / 1024} KiB`);
}
