import type { z } from 'zod';
import { readBytes } from '#server/endpoint.ts';
import { EpcisException, type Fault } from './exception.ts';

const deepest = 64;

/**
 * Reads a body of JSON of at most `limit` bytes. Throws UnsupportedMediaTypeException, CaptureLimitExceededException,
 * ValidationException.
 */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';');
  if (!['application/json', 'application/ld+json'].includes(type.trim().toLowerCase())) {
    throw new EpcisException('UnsupportedMediaTypeException', 'A body is application/json or application/ld+json.');
  }
  const bytes = await readBytes(request, limit);
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    json = JSON.parse(text);
  } catch {
    throw invalid([{ pointer: '', detail: 'The body is not JSON in UTF-8.' }]);
  }
  if (depthOf(text) > deepest) throw invalid([{ pointer: '', detail: `Nothing lies deeper than ${deepest} levels.` }]);
  return json;
}

/** How deep JSON goes; whatever looks at what is too deep would run out of stack. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let isText = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (char === '\\' && isText) index += 1;
    else if (char === '"') isText = !isText;
    else if (!isText && (char === '{' || char === '[')) depth += 1;
    else if (!isText && (char === '}' || char === ']')) depth -= 1;
    if (depth > most) most = depth;
  }
  return most;
}

/** A value of a shape. Throws ValidationException with the place of each fault. */
export function valid<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalid(faultsOf(parsed.error, []));
}

/** Faults with JSON pointers; `path` is where the value that was looked at stands. */
export function faultsOf(error: z.ZodError | undefined, path: readonly PropertyKey[]): Fault[] {
  return (error?.issues ?? []).map((issue) => ({
    pointer: [...path, ...issue.path].map(segment).join(''),
    detail: issue.message,
  }));
}

const segment = (part: PropertyKey): string => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** A body that is not valid. */
export function invalid(errors: readonly Fault[]): EpcisException {
  const [first] = errors;
  const detail = first === undefined ? 'It is not valid.' : `${first.pointer || 'The body'}: ${first.detail}`;
  return new EpcisException('ValidationException', detail, { errors });
}
