import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { env } from './env.ts';
import { AppError, asAppError, httpStatus } from './errors.ts';
import { parseInput } from './input.ts';
import { log, withRequestId } from './log.ts';
import type { Actor } from './people/schema.ts';
import { readActor } from './session/readActor.ts';

/** What JSON may have unless a route says otherwise: much more than a reading needs. */
const largestJson = 512 * 1024;

/** A handler of a route; `params` as Next hands them over. */
type Handler<Params> = (context: { request: Request; params: Params }) => Promise<Response>;
type Route<Params> = (request: Request, context: { params: Promise<Params> }) => Promise<Response>;

/** Answer of a refusal: the person's message and nothing else. */
function refusal(error: AppError): Response {
  return Response.json(error.user, {
    status: httpStatus(error.code),
    headers: { 'cache-control': 'no-store', ...(error.code === 'RATE_LIMITED' ? { 'retry-after': '60' } : {}) },
  });
}

/** Refuses a request that changes something and comes from another site. */
export function assertSameOrigin(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const origin = request.headers.get('origin');
  if (origin !== new URL(env().MEDLOOM_URL).origin) throw new AppError('FORBIDDEN', `origin ${origin ?? 'missing'}`);
}

/** Answers a request: what `work` gives, or the words of its refusal; both under one request id in the log. */
export function publicAnswer(request: Request, work: () => Promise<Response>): Promise<Response> {
  return withRequestId(randomUUID(), async () => {
    try {
      return await work();
    } catch (thrown) {
      const error = asAppError(thrown);
      const { pathname } = new URL(request.url);
      const level = error.code === 'INTERNAL' ? 'error' : 'info';
      log()[level]({ path: pathname, code: error.code, detail: error.detail }, 'request refused');
      return refusal(error);
    }
  });
}

/** A route that anybody may ask. */
export function publicEndpoint<Params = Record<string, never>>(handler: Handler<Params>): Route<Params> {
  return (request, context) =>
    publicAnswer(request, async () => {
      assertSameOrigin(request);
      return handler({ request, params: await context.params });
    });
}

/** A route for signed-in people: origin, session, then the handler, whose service authorises. */
export function endpoint<Params = Record<string, never>>(
  handler: (context: { request: Request; params: Params; actor: Actor }) => Promise<Response>,
): Route<Params> {
  return publicEndpoint<Params>(async (context) => {
    const actor = await readActor();
    if (actor === null) throw new AppError('UNAUTHENTICATED', 'no session');
    return handler({ ...context, actor });
  });
}

/**
 * A route that takes JSON of up to `limit` bytes and answers what a service gives, which authorises: what a server action does,
 * but for several at a time, where a client's actions wait for each other.
 */
export function jsonEndpoint<Schema extends z.ZodType, Output>(
  schema: Schema,
  service: (actor: Actor, input: z.output<Schema>) => Promise<Output>,
  limit = largestJson,
): Route<Record<string, never>> {
  return endpoint(async ({ request, actor }) => {
    const input = parseInput(schema, parseJson(await readBody(request, limit)));
    return Response.json(await service(actor, input), { headers: { 'cache-control': 'no-store' } });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'no JSON', { cause });
  }
}

/** Reads a body up to `limit` bytes; more is refused with TOO_LARGE before it is kept. */
export async function readBytes(request: Request, limit: number): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw new AppError('TOO_LARGE', 'content-length');
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    length += part.value.length;
    if (length > limit) {
      await reader?.cancel();
      throw new AppError('TOO_LARGE', `more than ${limit} bytes`);
    }
    parts.push(part.value);
  }
  return Buffer.concat(parts);
}

/** The same as text. */
export async function readBody(request: Request, limit: number): Promise<string> {
  return (await readBytes(request, limit)).toString('utf8');
}
