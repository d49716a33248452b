import type { z } from 'zod';
import { LedgerError } from '../model/errors.ts';

/** Largest JSON argument, in bytes; of a transient field too, where it says nothing else. */
export const maxJsonBytes = 16 * 1024;

/** Parses a value with a schema. Throws INVALID_ARGUMENT that names the member, never its value. */
export function parseValue<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const member = issue?.path.length ? `${what}.${issue.path.join('.')}` : what;
  throw new LedgerError('INVALID_ARGUMENT', `${member}: ${issue?.message ?? 'malformed'}`);
}

/** Parses a JSON text of at most 16 KiB, or as many bytes as are said, with a schema. Throws INVALID_ARGUMENT. */
export function parseJson<T>(schema: z.ZodType<T>, text: string, what: string, maxBytes = maxJsonBytes): T {
  if (Buffer.byteLength(text, 'utf8') > maxBytes) {
    throw new LedgerError('INVALID_ARGUMENT', `${what}: longer than ${maxBytes} bytes`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LedgerError('INVALID_ARGUMENT', `${what}: not JSON`);
  }
  return parseValue(schema, value, what);
}

/** Size of a page, 1 to 100, from its decimal argument. Throws INVALID_ARGUMENT. */
export function parsePageSize(text: string): number {
  if (!/^[1-9][0-9]{0,2}$/.test(text) || Number(text) > 100) {
    throw new LedgerError('INVALID_ARGUMENT', 'pageSize: a whole number from 1 to 100');
  }
  return Number(text);
}

/** A whole number below 100 million, not negative, from its decimal argument. Throws INVALID_ARGUMENT. */
export function parseNumber(text: string, what: string): number {
  if (!/^(?:0|[1-9][0-9]{0,7})$/.test(text)) throw new LedgerError('INVALID_ARGUMENT', `${what}: a whole number`);
  return Number(text);
}

/** A reason in words: at least 3 characters (REASON_REQUIRED), at most 300, no control characters (INVALID_ARGUMENT). */
export function parseReason(text: string): string {
  const reason = text.trim();
  if (reason.length < 3) throw new LedgerError('REASON_REQUIRED', 'a reason of at least 3 characters');
  if (reason.length > 300 || /[\p{Cc}\p{Cs}\uFFFD]/u.test(reason)) {
    throw new LedgerError('INVALID_ARGUMENT', 'reason: at most 300 characters, none of them control characters');
  }
  return reason;
}
