import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { TLSSocket } from 'node:tls';
import { AppError, asAppError, httpStatus } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import { Unwelcome } from './doorkeeper.ts';
import type { Figures } from './figures.ts';
import { type Presented, presentedBy } from './identity.ts';
import { Flooding } from './intake.ts';

/** A request of a device that may be here. */
export interface DeviceRequest {
  device: Presented;
  /** Behind the route's own path, of a route that ends in `/`. */
  rest: string;
  query: URLSearchParams;
  /** The body, at most so many bytes. Throws TOO_LARGE. */
  body(limit: number): Promise<Buffer>;
  /** The body as JSON. Throws INVALID_INPUT. */
  json(limit: number): Promise<unknown>;
  /** Aborted when the other side has gone. */
  signal: AbortSignal;
}

/** JSON, or bytes of a type. */
export type Answer = object | { type: string; bytes: Uint8Array };
export type Handler = (request: DeviceRequest) => Promise<Answer>;
/** By method and path; a path that ends in `/` is the beginning of one. */
export type DeviceRoutes = Readonly<Record<string, Handler>>;

export interface HttpsOptions {
  host: string;
  port: number;
  tls: { cert: Buffer; key: Buffer; ca: Buffer[] };
  door: Doorkeeper;
  figures: Figures;
  routes: DeviceRoutes;
}

/** Requests of one device that are answered at once; each may have a body that is kept meanwhile. */
const mostRequests = 64;

/** The same door as MQTT's for devices that speak HTTPS: TLS with the device's certificate, one request at a time of each connection. */
export async function startHttps(options: HttpsOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { tls, host, port, figures } = options;
  const open = new Map<string, number>();
  const server = createServer(
    { ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    (request, response) => {
      void serve(options, open, request, response);
    },
  );
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.maxConnections = 20_000;
  server.on('tlsClientError', () => figures.refuse('unknown', 'BAD_CERTIFICATE'));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return { port: portOf(server), close: () => close(server) };
}

async function serve(
  { door, figures, routes }: HttpsOptions,
  open: Map<string, number>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const device = request.socket instanceof TLSSocket ? presentedBy(request.socket) : undefined;
    if (device === undefined) {
      figures.refuse('unknown', 'NOT_REGISTERED');
      return refuse(request, response, 403, 'NOT_REGISTERED', 'the certificate is none of a device');
    }
    const refused = await door.admit(device);
    if (refused !== undefined) return refuse(request, response, 403, refused, device.id);
    if (!enter(open, device.id, response)) {
      figures.refuse(device.id, 'FLOODING');
      throw new Flooding(device.id);
    }
    const url = URL.parse(request.url ?? '/', 'https://gateway');
    const [handler, rest] = find(routes, request.method ?? '', url?.pathname ?? '');
    if (handler === undefined || url === null)
      return refuse(request, response, 404, 'NOT_FOUND', 'there is nothing at this path');
    const body = (limit: number) => read(request, limit);
    const json = async (limit: number) => parseJson(await body(limit));
    const answer = await handler({ device, rest, query: url.searchParams, body, json, signal: gone.signal });
    if ('bytes' in answer && answer.bytes instanceof Uint8Array && 'type' in answer) {
      send(response, 200, String(answer.type), answer.bytes);
    } else send(response, 200, 'application/json', JSON.stringify(answer));
  } catch (error) {
    if (error instanceof Flooding) return refuse(request, response, 429, 'FLOODING', 'too much for too long');
    if (error instanceof Unwelcome) return refuse(request, response, 403, error.code, error.message);
    const { code, detail } = asAppError(error);
    if (code === 'INTERNAL') log().error({ err: error, path: request.url }, 'a device was not answered');
    refuse(request, response, httpStatus(code), code, detail);
  }
}

/** False of a device that has as many requests open as it may. */
function enter(open: Map<string, number>, device: string, response: ServerResponse): boolean {
  const count = open.get(device) ?? 0;
  if (count >= mostRequests) return false;
  open.set(device, count + 1);
  response.once('close', () => {
    const left = (open.get(device) ?? 1) - 1;
    if (left === 0) open.delete(device);
    else open.set(device, left);
  });
  return true;
}

function find(routes: DeviceRoutes, method: string, path: string): [Handler | undefined, string] {
  const exact = `${method} ${path}`;
  if (Object.hasOwn(routes, exact)) return [routes[exact], ''];
  const begun = Object.keys(routes).find((route) => route.endsWith('/') && exact.startsWith(route));
  return begun === undefined ? [undefined, ''] : [routes[begun], exact.slice(begun.length)];
}

async function read(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new AppError('TOO_LARGE', 'content-length');
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) throw new AppError('INVALID_INPUT', 'body');
    size += part.length;
    if (size > limit) throw new AppError('TOO_LARGE', `more than ${limit} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'no JSON', { cause });
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, code: string, detail: string) {
  // What was not read of the body is not waited for.
  if (!request.complete) response.setHeader('connection', 'close');
  send(response, status, 'application/json', JSON.stringify({ code, detail: detail.slice(0, 300) }));
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  if (response.writableEnded || response.destroyed) return;
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
