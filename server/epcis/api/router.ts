import { randomUUID } from 'node:crypto';
import { log, withRequestId } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { callerAddress } from '../../session/address.ts';
import type { Caller } from '../../session/attempt.ts';
import { authenticate, requireScope } from '../client.ts';
import { asEpcisException, EpcisException } from './exception.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { readAddress } from './parameters.ts';
import { discovery, refusal, requireUnderstood } from './reply.ts';
import { root } from './root.ts';

interface Found {
  operations: readonly Operation[];
  path: Record<string, string>;
}

/** Answers a request of the EPCIS interface, whatever it is; every refusal is a problem of the standard. */
export function serve(
  request: Request,
  portal: Portal = thePortal(),
  caller: Caller = { address: callerAddress(request.headers) },
): Promise<Response> {
  return withRequestId(randomUUID(), async () => {
    const address = new URL(request.url);
    try {
      return await answer(request, address, portal, caller);
    } catch (thrown) {
      const { exception, cause } = asEpcisException(thrown);
      const entry = { path: address.pathname, problem: exception.problem.type, detail: exception.problem.detail };
      if (exception.problem.status === 500) log().error({ ...entry, err: cause ?? thrown }, 'EPCIS request failed');
      else log().info({ ...entry, cause: cause?.detail }, 'EPCIS request refused');
      return refusal(exception.problem, exception.headers);
    }
  });
}

async function answer(request: Request, address: URL, portal: Portal, caller: Caller): Promise<Response> {
  // Before anything is said about what there is.
  const client = await authenticate(portal, request.headers.get('authorization'), caller);
  requireUnderstood(request);
  const found = find(address.pathname);
  const methods = found.operations.map(({ method }) => method);
  if (request.method === 'OPTIONS') return discovery(methods, address.pathname === `${root}/capture`);
  // What HEAD asks for is what GET answers; the server leaves the body out.
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const operation = found.operations.find((one) => one.method === method);
  if (operation === undefined) {
    const allow = ['OPTIONS', ...methods].join(', ');
    throw new EpcisException('ImplementationException', `Only ${allow}.`, { status: 405, headers: { allow } });
  }
  if (operation.scope !== undefined) requireScope(client, operation.scope);
  return operation.serve({ portal, client, request, path: found.path, ...readAddress(address, operation) });
}

/** The operations of a path, with the values of what stands in braces. Throws NoSuchResourceException. */
function find(pathname: string): Found {
  const segments = segmentsOf(pathname.slice(root.length));
  const matching = operations.filter(({ path }) => match(path, segments) !== undefined);
  // A path that is spelt out goes before one with a place for anything.
  const [template] = matching.map(({ path }) => path).sort((a, b) => a.split('{').length - b.split('{').length);
  const path = template === undefined ? undefined : match(template, segments);
  if (path === undefined) throw new EpcisException('NoSuchResourceException', 'There is nothing at this address.');
  return { operations: matching.filter((one) => one.path === template), path };
}

const isText = (segment: string) => segment.length > 0 && segment.length <= 1_024 && !segment.includes('\0');

function segmentsOf(path: string): string[] {
  const parts = path.split('/').slice(1);
  if (parts.at(-1) === '') parts.pop();
  try {
    return parts.map(decodeURIComponent);
  } catch {
    throw new EpcisException('NoSuchResourceException', 'The address is not encoded as an address is.');
  }
}

function match(template: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = template.split('/').slice(1).filter(Boolean);
  if (parts.length !== segments.length) return undefined;
  const path: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? '';
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name !== undefined && isText(segment)) path[name] = segment;
    else if (part !== segment) return undefined;
  }
  return path;
}
