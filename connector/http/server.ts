import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ConnectorError } from '../errors.ts';
import type { ConnectorLog } from '../log.ts';

/** Answers one path and method with JSON. */
export type Handler = (request: IncomingMessage) => Promise<unknown>;

/** Handlers by path, then by method. */
export type Routes = Readonly<Record<string, Readonly<Record<string, Handler>>>>;

/**
 * The connector's HTTP interface. Every request presents the token; refusals are problem details (RFC 9457) with the
 * members `code` and `detail`. A request id comes from the portal or is made here, and stands in every line of the log.
 */
export function createConnectorServer(routes: Routes, token: string, log: ConnectorLog): Server {
  const server = createServer(async (request, response) => {
    const requestId = requestIdOf(request);
    const started = performance.now();
    const { method, url } = request;
    try {
      requireToken(request, token);
      const handler = findHandler(routes, request);
      const answer = await handler(request);
      send(response, 200, 'application/json', answer, requestId);
      log.info({ requestId, method, url, status: 200, ms: Math.round(performance.now() - started) }, 'answered');
    } catch (error) {
      const refusal = refusalOf(error);
      const { status, code, detail } = refusal;
      // What was not read of the body is not waited for.
      if (!request.complete) response.setHeader('connection', 'close');
      send(
        response,
        status,
        'application/problem+json',
        { type: 'about:blank', title: code, status, code, detail },
        requestId,
      );
      const entry = { requestId, method, url, status, code, detail, ms: Math.round(performance.now() - started) };
      if (status >= 500) log.error({ ...entry, err: refusal.cause ?? error }, 'failed');
      else log.warn(entry, 'refused');
    }
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  return server;
}

function findHandler(routes: Routes, request: IncomingMessage): Handler {
  const path = request.url?.split('?')[0] ?? '';
  const methods = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (!methods) throw new ConnectorError('UNKNOWN_PATH', 'there is nothing at this path');
  const method = request.method ?? '';
  const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (!handler) throw new ConnectorError('METHOD_NOT_ALLOWED', `${Object.keys(methods).join(', ')} only`);
  return handler;
}

/** Compares digests in constant time, so that neither a prefix nor the length of the token can be learnt by timing. */
function requireToken(request: IncomingMessage, token: string): void {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const presented = request.headers.authorization ?? '';
  if (!timingSafeEqual(digest(presented), digest(`Bearer ${token}`))) {
    throw new ConnectorError('UNAUTHENTICATED', 'the token is missing or wrong');
  }
}

function refusalOf(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  return new ConnectorError('INTERNAL', 'the connector failed; its log says why', { cause: error });
}

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : randomUUID();
}

function send(response: ServerResponse, status: number, type: string, body: unknown, requestId: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-request-id': requestId });
  response.end(JSON.stringify(body));
}
