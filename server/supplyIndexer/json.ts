import { createHash } from 'node:crypto';

/** Deeper than this nothing of EPCIS is, and PostgreSQL reads JSON only so deep. */
const deepest = 64;
/** Escapes of what PostgreSQL takes for no text: NUL, and halves of a pair that may stand alone. */
const unstorable = /\\u(?:0000|d[89a-f])/i;

/**
 * JSON out of bytes, with what PostgreSQL cannot store replaced by U+FFFD; undefined where it is none. Whoever may write to a
 * channel must not be able to stop those who read it.
 */
export function storableJson(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return unstorable.test(text) ? cleaned(value, 0) : depthOf(value) > deepest ? cleaned(value, 0) : value;
  } catch {
    return undefined;
  }
}

function depthOf(value: unknown, at = 0): number {
  if (typeof value !== 'object' || value === null || at > deepest) return at;
  let depth = at;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof inner === 'object') depth = Math.max(depth, depthOf(inner, at + 1));
  }
  return depth;
}

function cleaned(value: unknown, at: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (at > deepest) return null;
  if (Array.isArray(value)) return value.map((inner) => cleaned(inner, at + 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [cleanText(name), cleaned(inner, at + 1)]));
}

const cleanText = (text: string) => text.toWellFormed().replaceAll('\0', '\uFFFD');

const longestKey = 512;

/** A text as it stands in columns that are indexed: PostgreSQL refuses entries of an index beyond 2,704 bytes. */
export function keyText(text: string): string {
  if (Buffer.byteLength(text) <= longestKey) return text;
  return `urn:sha256:${createHash('sha256').update(text).digest('hex')}`;
}
