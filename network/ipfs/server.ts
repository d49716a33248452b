import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { finished } from 'node:stream';
import { add } from './api/add.ts';
import { blockGet, blockPut, blockRm, blockStat } from './api/block.ts';
import { dagGet, dagPut, dagResolve } from './api/dag.ts';
import { pinAdd, pinLs, pinRm } from './api/pin.ts';
import { cat, filesStat, ls } from './api/read.ts';
import { id, repoGc, repoStat, repoVersionCommand, versionCommand } from './api/repo.ts';
import { Call, type Command, Reply } from './call.ts';
import { IpfsFailure } from './failure.ts';
import type { IpfsNode } from './node.ts';

const commands = new Map<string, Command>(
  Object.entries({
    add,
    cat,
    ls,
    id,
    version: versionCommand,
    'pin/add': pinAdd,
    'pin/ls': pinLs,
    'pin/rm': pinRm,
    'block/get': blockGet,
    'block/put': blockPut,
    'block/stat': blockStat,
    'block/rm': blockRm,
    'dag/get': dagGet,
    'dag/put': dagPut,
    'dag/resolve': dagResolve,
    'files/stat': filesStat,
    'repo/stat': repoStat,
    'repo/gc': repoGc,
    'repo/version': repoVersionCommand,
  }),
);

const prefix = '/api/v0/';
/** How long the rest of a refused body is read. */
const readOnForMs = 10_000;
/** How long a connection is kept that nobody uses. */
const idleForMs = 60_000;

/** The HTTP server of the Kubo RPC calls that this node serves. `onError` is told of failures that are not the caller's. */
export function createApi(node: IpfsNode, onError: (error: unknown) => void): Server {
  const server = createServer((request, response) => {
    answer(node, request, response).catch((error: unknown) => {
      fail(request, response, error);
      if (!(error instanceof IpfsFailure)) onError(error);
    });
  });
  // A caller that stops sending must not hold the storage's lock for ever.
  server.setTimeout(60_000);
  server.requestTimeout = 0;
  // A client that takes up an idle connection just as it is closed loses its call; Node's five seconds let a busy one do so.
  server.keepAliveTimeout = idleForMs;
  return server;
}

async function answer(node: IpfsNode, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'OPTIONS') {
    response.writeHead(204, { Allow: 'OPTIONS, POST' }).end();
    return;
  }
  // As Kubo: a GET could come from any page's image or link, a POST from a page carries its origin.
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'OPTIONS, POST');
    throw new IpfsFailure('405 - Method Not Allowed', { status: 405, plain: true });
  }
  if (comesFromBrowser(request)) throw new IpfsFailure('403 - Forbidden', { status: 403, plain: true });
  if (!url.pathname.startsWith(prefix)) throw new IpfsFailure('404 page not found', { status: 404, plain: true });
  const name = url.pathname.slice(prefix.length).replace(/\/$/, '');
  const command = commands.get(name);
  if (!command) {
    throw new IpfsFailure(`this node does not serve ${JSON.stringify(name)}; a Kubo daemon may`, { status: 404 });
  }
  await command(node, new Call(request, url.searchParams), new Reply(response));
  response.end();
}

function comesFromBrowser(request: IncomingMessage): boolean {
  const { origin, referer } = request.headers;
  return origin !== undefined || referer !== undefined || (request.headers['user-agent'] ?? '').startsWith('Mozilla');
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    // The answer has begun: cutting the connection is the one way left to tell that it is not whole.
    response.destroy();
    return;
  }
  const failure = error instanceof IpfsFailure ? error : new IpfsFailure(describe(error), { cause: error });
  const body = failure.plain
    ? `${failure.message}\n`
    : `${JSON.stringify({ Message: failure.message, Code: 0, Type: 'error' })}\n`;
  response.writeHead(failure.status, {
    'Content-Type': failure.plain ? 'text/plain; charset=utf-8' : 'application/json',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': Buffer.byteLength(body),
    ...(request.complete ? {} : { Connection: 'close' }),
  });
  if (request.complete) {
    response.end(body);
    return;
  }
  // Who is still sending may read only afterwards. Closing before that would take the answer away.
  response.write(body);
  const timer = setTimeout(() => response.end(), readOnForMs);
  finished(request.resume(), () => {
    clearTimeout(timer);
    response.end();
  });
}

/** The system's reason in words; not the whole error, which may name files. */
function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC') return 'the disk of this node is full';
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'the storage of this node cannot be written';
  return 'this node failed; its log says why';
}
